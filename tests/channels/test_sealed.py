"""Stored keys: unreadable without DJANGO_SECRET_KEY, whole or not at all, readable through a change of the key."""

import base64

import pytest

from qualitycity.channels.sealed import Unreadable, seal, unseal

TEXT = "https://oapi.dingtalk.com/robot/send?access_token=" + "密钥" * 40


@pytest.mark.parametrize("text", ["", "a", TEXT, "x" * 32, "x" * 33])
def test_what_was_sealed_comes_back(text):
    assert unseal(seal(text, purpose="address"), purpose="address") == text


def test_nothing_of_it_shows_and_twice_is_not_the_same():
    one, other = seal(TEXT, purpose="address"), seal(TEXT, purpose="address")
    assert one != other and "dingtalk" not in one
    raw = base64.urlsafe_b64decode(one[2:])
    assert b"dingtalk" not in raw and TEXT.encode()[:8] not in raw


def test_another_purpose_or_another_key_reads_nothing(settings):
    sealed = seal(TEXT, purpose="address")
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="secret")
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="address")
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(sealed, purpose="address") == TEXT


def test_every_changed_character_is_noticed():
    sealed = seal("secret", purpose="address")
    raw = bytearray(base64.urlsafe_b64decode(sealed[2:]))
    for place in range(len(raw)):
        changed = bytes(raw[:place]) + bytes([raw[place] ^ 1]) + bytes(raw[place + 1 :])
        with pytest.raises(Unreadable):
            unseal("1." + base64.urlsafe_b64encode(changed).decode(), purpose="address")


@pytest.mark.parametrize("text", ["", "1.", "1.abc", "not sealed", "1." + "A" * 40])
def test_what_was_never_sealed_is_unreadable(text):
    with pytest.raises(Unreadable):
        unseal(text, purpose="address")

"""`make clean-data`: begin again with empty data. Assets, fonts and the virtual environment stay."""

import shutil
import sys

from ops import database
from ops.paths import ACCOUNTS, POSTGRES, SECRETS, STAMPS, VAR

FOLDERS = (POSTGRES, VAR / "media", VAR / "broker", VAR / "test")
FILES = (ACCOUNTS, SECRETS, STAMPS / "sample-city")


def main() -> None:
    question = f"This deletes the embedded database and all uploaded files under {VAR}. Type yes to go on: "
    if input(question).strip().lower() != "yes":
        sys.exit("Nothing was deleted.")
    if database.is_held():
        sys.exit("The portal or the test suite is running; stop it first.")
    database.stop()
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    for file in FILES:
        file.unlink(missing_ok=True)
    for schedule in VAR.glob("beat-schedule*"):
        schedule.unlink()
    print("The data is gone; make run begins anew.")


if __name__ == "__main__":
    main()

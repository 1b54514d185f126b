"""The fictional city 示例市: read from `fixtures/sample/`, told by calling domain functions under a moved clock."""

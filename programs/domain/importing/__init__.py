"""文件导入: an upload is read by a job, proposed, confirmed by a person, and becomes a programme in one transaction.

`drafts` moves an upload, `proposing` turns findings into proposals, `questions` says what to look at, `editing` is what
people do with proposals, `facts` and `applying` make the programme of what was confirmed, `comparing` holds two
editions against each other.
"""

"""From a policy document to a programme (文件导入): read → clean → segment → recognise, pure functions over text.

`reading` makes a `Source` of a file, `recognising` an `Extraction` of a source, `coverage` says which sentences no
finding stands for. Nothing here knows the database; planning and applying is `programs.domain.importing`.
"""

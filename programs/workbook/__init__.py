"""填报表: the Excel workbook of one unit and period that goes out and comes back. Files and cells; what they mean is
judged by `programs.domain.workbook`."""

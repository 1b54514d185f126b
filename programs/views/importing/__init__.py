"""Pages of 文件导入."""

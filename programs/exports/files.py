"""Tables as files for spreadsheets."""

import csv
import datetime
import io

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from programs.exports.tables import Table, Value

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula, also in its wide forms.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(table: Table) -> HttpResponse:
    """Semicolons and a byte order mark: what a Swedish Excel opens without asking."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([csv_cell(value) for value in table.cells(row)])
    return download(text.getvalue().encode(), "text/csv; charset=utf-8", f"{table.name}.csv")


def csv_cell(value: Value) -> str | int:
    """Text as it may stand in a file that a spreadsheet opens: it must never be calculated."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    text = plain(str(value))
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def xlsx_file(table: Table) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    headings = [WriteOnlyCell(sheet, heading) for heading in table.headings]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    for row in table.rows:
        sheet.append([xlsx_cell(sheet, value) for value in table.cells(row)])
    content = io.BytesIO()
    book.save(content)
    return download(content.getvalue(), XLSX, f"{table.name}.xlsx")


def xlsx_cell(sheet: object, value: Value) -> Cell | Value:
    """Text is marked as text: without that, "=1+1" would become a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, plain(value))
    cell.data_type = "s"
    return cell


def plain(text: str) -> str:
    """Without control characters, which neither a workbook nor XML can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

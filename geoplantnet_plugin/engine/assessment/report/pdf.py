"""A report as PDF, A4, with its fonts inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import FontFace

from geoplantnet_plugin.engine.assessment.report.model import FOLDED_ROWS, Part, Report, Section, Table
from geoplantnet_plugin.engine.base.files import writing

FONT = "DejaVu"
MARGIN = 18.0
MAP_HEIGHT, LEAST_MAP_HEIGHT = 120.0, 65.0
"""In mm; a map smaller than the least goes to the next page."""
FRONT_MAP_HEIGHT = 60.0
"""The first page has the first section's map, over its whole width, where so much of it is left."""
ROOM_FOR_SECTION = 90.0
"""With less than so much of a page left, in mm, a section begins a new one."""
SHORT_ROWS = 12
"""A table of at most so many rows is not torn."""
TABLE_SIZE, LINE, PADDING = 7.5, 4.2, (0.6, 1.0)
"""Of a table: letters in points, height of a line and padding of a cell in mm."""
CAPTION_HEIGHT = 12.0
"""For a caption of up to two lines, in mm."""
GREY, WHITE = (235, 235, 235), (255, 255, 255)


class Pages(FPDF):
    """A4 pages with the title and the page number at the foot; DejaVu comes with matplotlib."""

    def __init__(self, report: Report) -> None:
        from matplotlib import get_data_path

        super().__init__(format="A4")
        fonts = Path(get_data_path()) / "fonts" / "ttf"
        for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold"), ("I", "DejaVuSans-Oblique"),
                            ("BI", "DejaVuSans-BoldOblique")):
            self.add_font(FONT, style, fonts / f"{name}.ttf")
        self.report = report
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, 20)
        self.set_title(report.title)
        self.set_lang(report.language)
        self.set_font(FONT, size=10)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-14)
        self.set_font(FONT, size=7)
        note = f"{self.report.simulated} – {self.report.title}" if self.report.simulated else self.report.title
        self.cell(0, 5, f"{note} – {self.report.words['page']} {self.page_no()}/{{nb}}", align="C")

    @contextmanager
    def style(self, style: str = "", size: float = 10) -> Iterator[None]:
        """Write in another style for a while."""
        self.set_font(FONT, style, size)
        yield
        self.set_font(FONT, size=10)

    def text_block(self, text: str, height: float = 5.2, fill: bool = False, border: Literal[0, 1] = 0,
                   align: str = "L") -> None:
        """Write a paragraph over the width of the page."""
        self.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, fill=fill, border=border, align=align)

    def heading(self, text: str, level: int) -> None:
        """Write a heading that shows in the reader's outline, never alone at the foot of a page."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(2 if level else 0)
        self.start_section(text, level)
        with self.style("B", 15 if level == 0 else 11):
            self.text_block(text, 8 if level == 0 else 6)
        self.ln(1)

    def paragraphs(self, lines: Sequence[str], fill: bool = False) -> None:
        """Write paragraphs, on grey ground where `fill` is set."""
        self.set_fill_color(*GREY)
        for line in lines:
            self.text_block(line, fill=fill)
            self.ln(1.2)
        self.set_fill_color(*WHITE)

    def under(self, title: str, lines: Sequence[str]) -> None:
        """Write paragraphs below their heading; nothing where there are none."""
        if lines:
            self.heading(title, 1)
            self.paragraphs(lines)

    @property
    def room(self) -> float:
        """What is left of the page for a picture, in mm."""
        return float(self.h - self.b_margin - self.get_y() - 6)

    def begin(self, title: str) -> None:
        """Begin a section, on this page if there is room for something of it."""
        if self.room < ROOM_FOR_SECTION:
            self.add_page()
        elif self.get_y() > self.t_margin + 1:
            self.ln(5)
        self.heading(title, 0)

    def picture(self, path: Path, text: str, least: float = LEAST_MAP_HEIGHT, most: float = MAP_HEIGHT) -> None:
        """Place a picture of at most `most` mm height in what is left of the page if that is at least `least` mm, else
        on a new page.
        """
        from PIL import Image

        with Image.open(path) as image:
            width, height = image.size
        left = self.room
        if left < least:
            self.add_page()
            left = self.eph
        shown = min(self.epw, min(left, most) * width / height)
        self.ln(2)
        self.image(path, w=shown, alt_text=text)
        self.ln(2)

    def list_table(self, entry: Table, heading: str = "") -> None:
        """Write a table whose header repeats on every page, below a `heading` if any; a short one stays on one page."""
        least = self._height(entry) if len(entry.rows) <= SHORT_ROWS else 28.0
        if self.will_page_break(least + (12 if heading else 0)):
            self.add_page()
        if heading:
            self.heading(heading, 1)
        self.ln(1)
        with self.style("B", 8.5):
            self.text_block(entry.caption, 4.6)
        self.set_font(FONT, size=TABLE_SIZE)
        align = tuple("RIGHT" if i in entry.numeric else "LEFT" for i in range(len(entry.header)))
        with self.table(borders_layout=TableBordersLayout.HORIZONTAL_LINES, col_widths=tuple(entry.widths),
                        text_align=align, v_align=VAlign.T, line_height=LINE, padding=PADDING,
                        headings_style=FontFace(emphasis="BOLD", fill_color=GREY)) as table:
            table.row(entry.header)
            for cells in entry.rows[:FOLDED_ROWS] if entry.folded else entry.rows:
                row = table.row()
                for i, cell in enumerate(cells):
                    row.cell(cell, style=FontFace(emphasis="ITALICS") if i in entry.italic else None)
        self.set_font(FONT, size=10)
        self.ln(3)

    def _height(self, entry: Table) -> float:
        """Return about how high a table is, in mm: in every row the text that needs most lines decides."""
        with self.style(size=TABLE_SIZE):
            inner = [self.epw * width / sum(entry.widths) - 2 * PADDING[1] for width in entry.widths]
            lines = sum(max(self._lines(cell, width) for cell, width in zip(row, inner, strict=True))
                        for row in (entry.header, *entry.rows))
        return LINE * lines + 2 * PADDING[0] * (1 + len(entry.rows)) + CAPTION_HEIGHT

    def _lines(self, text: str, width: float) -> int:
        """Return in how many lines a text breaks in a cell of so many mm."""
        return len(cast("list[str]", self.multi_cell(width, LINE, text, dry_run=True, output=MethodReturnValue.LINES)))

    def definitions(self, entries: Sequence[tuple[str, str]]) -> None:
        """Write labels and texts side by side."""
        with self.table(borders_layout=TableBordersLayout.NONE, col_widths=(24, 76), text_align="LEFT",
                        v_align=VAlign.T, line_height=5, first_row_as_headings=False, padding=(0.5, 1.0)) as table:
            for label, value in entries:
                row = table.row()
                row.cell(label, style=FontFace(emphasis="BOLD"))
                row.cell(value)
        self.ln(2)


def write_pdf(report: Report, path: Path) -> None:
    """Write `report` as PDF."""
    pages = Pages(report)
    on_front = _front(pages, report)
    for number, section in enumerate(report.sections):
        _section(pages, section, on_front and number == 0)
    for number, part in enumerate(report.parts):
        _part(pages, part, report.words["parts"] if number == 0 else "")
    pages.begin(report.words["targets"])
    pages.paragraphs(report.target_notes)
    for table in report.targets:
        pages.list_table(table)
    if report.observations:
        pages.begin(report.words["records"])
        for table in report.observations:
            pages.list_table(table)
    pages.begin(report.words["method"])
    pages.set_font(FONT, size=8.5)
    pages.definitions(report.method)
    for table in report.tables:
        pages.list_table(table)
    pages.heading(report.words["limits"], 0)
    pages.paragraphs([f"• {line}" for line in report.limits])
    with writing(path) as temporary:
        pages.output(str(temporary))


def _front(pages: Pages, report: Report) -> bool:
    """Write the first page and the verdicts; return whether the first section's map stands there."""
    pages.add_page()
    pages.start_section(report.title)
    if report.simulated:
        with pages.style("B", 12):
            pages.text_block(report.simulated, 9, border=1, align="C")
        pages.ln(3)
    with pages.style("B", 20):
        pages.text_block(report.title, 10)
    pages.ln(3)
    pages.definitions(report.facts)
    with pages.style("B", 10):
        pages.text_block(report.caveat, 6, border=1)
    pages.ln(4)
    first = report.sections[0]
    shown = first.picture is not None and pages.room >= FRONT_MAP_HEIGHT
    if first.picture and shown:
        pages.picture(first.picture, first.picture_text, FRONT_MAP_HEIGHT, pages.eph)
    pages.begin(report.words["summary"])
    pages.set_font(FONT, size=9)
    pages.definitions(report.summary)
    if report.figures.rows:
        pages.list_table(report.figures)
    pages.set_font(FONT, size=10)
    return shown


def _section(pages: Pages, section: Section, shown: bool) -> None:
    """One of the questions; its map is left out where it is `shown` on the first page."""
    words = pages.report.words
    pages.begin(section.title)
    with pages.style("I"):
        pages.text_block(section.question)
    pages.heading(words["verdict"], 1)
    pages.paragraphs(section.verdict, fill=True)
    pages.under(words["what_is_known"], section.known)
    for number, table in enumerate(section.tables):
        pages.list_table(table, words["evidence"] if number == 0 else "")
    pages.under(words["how_sure"], section.sure)
    pages.under(words["in_the_field"], section.check)
    if section.picture and not shown:
        pages.picture(section.picture, section.picture_text)


def _part(pages: Pages, part: Part, heading: str) -> None:
    """A named part of the area; the first has the `heading` of all of them above it."""
    if heading:
        pages.begin(heading)
    pages.heading(part.title, 1)
    pages.paragraphs(part.lines)
    if part.picture:
        pages.picture(part.picture, part.picture_text)
    for table in part.tables:
        pages.list_table(table)

"""Holds PDFs against pdfua and pdf_oxide, which are not ours. Prints a line for each fault; nothing when there is none.

usage: validate.py FILE...
"""

import sys

import pdf_oxide
from pdfua import Validator

# pdf_oxide says of some rules that it does not check them; that is no fault of the file.
UNCHECKED = "[WARN-007]"


# With some versions of pikepdf, pdfua's rule on empty headings asks a list whether it is a number, and fails itself.
FAILS_ITSELF = "is_integer"


def faults(path):
    report = Validator().validate(path)
    for finding in report.findings:
        yield f"pdfua {finding.rule_id}: {finding.message}"
    for outcome in report.skipped:
        if FAILS_ITSELF not in outcome.skipped_reason:
            yield f"pdfua {outcome.rule_id}: not evaluated: {outcome.skipped_reason}"
    document = pdf_oxide.PdfDocument(path)
    for name, report in [
        ("PDF/A-2a", document.validate_pdf_a("2a")),
        ("PDF/A-2u", document.validate_pdf_a("2u")),
        ("PDF/UA", document.validate_pdf_ua()),
    ]:
        for fault in report["errors"] + report["warnings"]:
            if not fault.startswith(UNCHECKED):
                yield f"pdf_oxide {name}: {fault}"


for path in sys.argv[1:]:
    for fault in faults(path):
        print(f"{path}: {fault}")

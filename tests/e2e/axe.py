"""The checker of WCAG rules that comes with the front-end packages, let loose on an open page."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.0 to 2.2, levels A and AA.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = """
    async (tags) => {
      const found = await axe.run(document, {
        runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
      });
      return found.violations.map((rule) => ({
        rule: rule.id,
        nodes: rule.nodes.map((node) => [
          node.target.join(" "), node.html.slice(0, 120),
          [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; "),
        ]),
      }));
    }
"""


def violations(page: Any) -> list[str]:
    """“rule: selector (why)” of every violation on the page as it stands, two of a rule at most."""
    # the driver speaks to the engine below the page: the policy against foreign scripts stays in force
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text())
    return [
        f"{found['rule']}: {target} {html} ({why})"
        for found in page.evaluate(RUN, list(TAGS))
        for target, html, why in found["nodes"][:2]
    ]

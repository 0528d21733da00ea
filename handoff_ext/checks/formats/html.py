"""A page of its own: no scripts, no files beside it, light and dark."""

from __future__ import annotations

from itertools import groupby

from handoff_ext.checks.formats.words import WORDS, place, summary
from handoff_ext.contracts.finding import CheckReport

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>handoff check</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; overflow-wrap: anywhere; }
li { margin: .6rem 0; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; }
code { font-size: .9em; }
.mark { border-radius: .3rem; display: inline-block; font-weight: 600; min-width: 7rem; }
.error { color: light-dark(#b3261e, #ff8a80); }
.warning { color: light-dark(#8a5300, #ffb74d); }
.info { color: light-dark(#1a5fb4, #82b1ff); }
small { display: block; opacity: .8; }
</style>
</head>
<body>
<h1>handoff check</h1>
<p>{{ summary }}</p>
{% for path, findings in groups %}
<h2>{{ path }}</h2>
<ul>
{% for finding in findings %}
<li><span class="mark {{ finding.severity }}">{{ words[finding.severity] }}</span> {{ place(finding) }}
<code>{{ finding.rule }}</code> {{ finding.message }}{% if finding.fixable %} <em>Can be fixed.</em>{% endif %}
<small>{{ finding.why }}</small></li>
{% endfor %}
</ul>
{% endfor %}
{% if report.ignored %}
<h2>Ignored</h2>
<ul>
{% for each in report.ignored %}
<li>{{ each.finding.path }}, {{ place(each.finding) }} <code>{{ each.finding.rule }}</code> {{ each.finding.message }}
<small>{{ each.reason or "no reason given" }}</small></li>
{% endfor %}
</ul>
{% endif %}
{% if report.unreadable %}
<h2>Not read</h2>
<ul>{% for each in report.unreadable %}<li>{{ each.reason }}</li>{% endfor %}</ul>
{% endif %}
</body>
</html>
"""


def render(report: CheckReport) -> str:
    """The page."""
    from jinja2 import Environment

    groups = [(path, list(group)) for path, group in groupby(report.findings, key=lambda finding: finding.path)]
    template = Environment(autoescape=True, trim_blocks=True).from_string(_PAGE)
    return template.render(report=report, groups=groups, words=WORDS, place=place, summary=summary(report))

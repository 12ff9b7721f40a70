"""Parts of a template that are the same on every page of a language: made once, not for each page.

A page of the portal has dozens of sentences and addresses that depend on nothing but the language, and
Django looks each of them up anew for each page. The loader here joins such parts and the text around
them into one node that remembers what it made. Templates are written as ever. A process that runs
while its translations change keeps the old ones; a new release starts new processes.
"""

from collections.abc import Iterator
from itertools import groupby

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, Origin, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Fixed(Node):
    """Nodes in a row whose output depends only on the language, the path of the site and the escaping."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.token, self.origin = nodes[0].token, nodes[0].origin
        self.made: dict[tuple[str | None, str, bool], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        depends_on = get_language(), get_script_prefix(), context.autoescape
        if depends_on not in self.made:
            self.made[depends_on] = self.nodes.render(context)
        return self.made[depends_on]


def join_fixed(nodes: NodeList) -> None:
    """Join nodes in a row that are fixed, in ``nodes`` and in what they contain."""
    joined: list[Node] = []
    for fixed, group in groupby(nodes, key=_is_fixed):
        row = list(group)
        if fixed and not all(isinstance(node, TextNode) for node in row):
            row = [Fixed(row)]
        joined += row
        for node in () if fixed else row:
            for inner in _inside(node):
                join_fixed(inner)
    nodes[:] = joined


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (inner for _condition, inner in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        if isinstance(inner := getattr(node, name, None), NodeList):
            yield inner


def _is_fixed(node: Node) -> bool:
    match node:
        case TextNode() | CommentNode() | LoadNode():
            return True
        case TranslateNode(asvar=None, message_context=None):
            return _is_literal(node.filter_expression)
        case BlockTranslateNode(asvar=None, message_context=None):
            words = all(part.token_type == TokenType.TEXT for part in node.singular)
            return words and not node.countervar
        case StaticNode(varname=None):
            return _is_literal(node.path)
        case URLNode(asvar=None):
            return all(map(_is_literal, [node.view_name, *node.args, *node.kwargs.values()]))
    return False


def _is_literal(expression: FilterExpression) -> bool:
    """Whether it is a text or a number of the template, without a filter."""
    if expression.filters:
        return False
    said = expression.var
    return isinstance(said, str) or (isinstance(said, Variable) and said.lookups is None)


class _Joining(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        join_fixed(template.nodelist)
        return template


class Loader(cached.Loader, _Joining):
    """Django's loader that keeps templates, with their fixed parts joined."""

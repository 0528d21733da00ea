"""From a notebook to the code between its raw table and what a model was fitted on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from handoff_ext.cells.model import Notebook
from handoff_ext.contracts.features import Place
from handoff_ext.dataflow.notebook import NotebookFlow
from handoff_ext.features.kinds import Kind
from handoff_ext.features.lifted import Asked, Lifted, Line, NotLifted, Table
from handoff_ext.features.reader import Reader
from handoff_ext.features.reads import path_of, reading_functions, reads
from handoff_ext.features.statements import Statement, flow_of, statements
from handoff_ext.features.world import Found, World

_BUILTINS = frozenset(dir(builtins))
_SHOWS = frozenset({"print", "display", "show", "head", "info", "describe", "plot", "hist", "boxplot", "tail"})


def lift(notebook: Notebook, fitted: Asked, held: Asked | None, defaults: Mapping[str, object]) -> Lifted:
    """The code that makes ``fitted`` of the raw table.

    Args:
        notebook: as the stages run it.
        fitted: what ``fit`` receives.
        held: what the model is judged on; rows that only training leaves out are its choice, not a scope.
        defaults: names that a run may be given from outside, with their values.

    Raises:
        NotLifted: it is made of no table that is read.
    """
    return _Lifting(notebook, statements(notebook), defaults).run(fitted, held)


class _Lifting:
    def __init__(self, notebook: Notebook, found: Sequence[Statement], defaults: Mapping[str, object]) -> None:
        self.notebook = notebook
        self.all = list(found)
        self.defaults = defaults
        whole = flow_of(notebook, self.all)
        self.paths = {name: each.path for step in whole.steps.values() for name, each in step.flow.imports.items()}
        self.bound = {name: each.statement for step in whole.steps.values() for name, each in step.flow.imports.items()}
        self.nodes = {each.index: each.node for each in self.all}
        self.defined = {
            node.name: each.index for each in self.all if isinstance(node := self.nodes[each.index], ast.FunctionDef)
        }

    def run(self, fitted: Asked, held: Asked | None) -> Lifted:
        at = self._at(fitted)
        texts, tables = self._without_reads()
        flow, slice_ = self._slice(texts, at, fitted.expression)
        selecting, other = frozenset[int](), frozenset[int]()
        if held is not None:
            _, other = self._slice(texts, self._at(held), held.expression)
            selecting = slice_ - other
        order = [each for each in sorted(slice_) if each < at and not self._shows_or_dead(each)]
        rows = {table.number: Kind("rows", table.number) for table in tables}
        kinds = self._read(texts, order, fitted.expression, rows)
        main = next((each for each in tables if each.number == kinds.table), None)
        place = self._place(self.all[at], 1)
        if kinds.what != "rows" or main is None:
            raise NotLifted(f"`{fitted.expression}` is not made of a table that the notebook reads.", place)
        used = [each for each in tables if any(f"_table_{each.number}_" in texts[index] for index in order)]
        from_ = None
        if held is not None:
            way = [each for each in sorted(other) if not self._shows_or_dead(each)]
            number = self._read(texts, way, held.expression, rows).table
            from_ = next((each for each in tables if each.number == number and number != main.number), None)
        if from_ is not None and from_ not in used:
            used.append(from_)
        world, lines, result, found = self._write(texts, order, fitted.expression, selecting, main, used, place)
        lines = _wanted(lines, result)
        kept = {index for index, _ in lines}
        functions = {
            name: world.texts[name]
            for name, index in self.defined.items()
            if index in kept and not self._nested(name, flow)
        }
        plain = self._plain(functions, flow)
        inside = {index: name for name, index in self.defined.items() if name not in functions}
        body = [
            replace(line, text=self._with_tables(world.texts[inside[index]], main, used)) if index in inside else line
            for index, line in lines
            if index not in {self.defined[name] for name in functions}
        ]
        for name in functions:
            found += [
                (each, self._place(self.all[self.defined[name]], each.line)) for each in world.called.get(name, [])
            ]
        return Lifted(
            expression=fitted.expression,
            main=main,
            tables=[main, *(each for each in used if each.number != main.number)],
            lines=body,
            result=result,
            found=found,
            functions=functions,
            plain=plain,
            load=self._load(used),
            imports=dict(self.bound),
            held=from_,
        )

    # -- where

    def _at(self, asked: Asked) -> int:
        """The statement that asks."""
        own = [each for each in self.all if each.cell.index == asked.cell]
        if not own:
            raise NotLifted("The cell that fits the model cannot be read.")
        before = [each for each in own if not asked.line or each.line <= asked.line]
        return (before or own)[-1].index

    def _place(self, statement: Statement, line: int) -> Place:
        return Place(cell=statement.cell.index + 1, cell_id=statement.cell.id, line=statement.line + line - 1)

    # -- reads

    def _without_reads(self) -> tuple[dict[int, str], list[Table]]:
        """The statements with a name in place of each expression that reads a table."""
        functions = reading_functions(list(self.nodes.values()), self.paths)
        texts: dict[int, str] = {}
        tables: list[Table] = []
        for each in self.all:
            node, text = self.nodes[each.index], each.source
            for read in sorted(reads(node, self.paths, functions), key=_where, reverse=True):
                code = ast.get_source_segment(each.source, read) or ""
                name = self._named(node, len(tables))
                path = path_of(read.func, self.paths) if isinstance(read, ast.Call) else ""
                framed = path.startswith("pandas.") or "load_dataset" in path
                number = len(tables)
                tables.append(Table(number, name, code, self._place(each, read.lineno), framed, each.index))
                text = _replaced(text, read, f"_table_{number}_")
            texts[each.index] = text
        return texts, tables

    def _named(self, node: ast.stmt, number: int) -> str:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
        return f"table{number}"

    # -- slices

    def _slice(self, texts: Mapping[int, str], at: int, expression: str) -> tuple[NotebookFlow, frozenset[int]]:
        """The statements before ``at`` that the expression needs, directly or through others."""
        before = [replace(each, source=texts[each.index]) for each in self.all[:at]]
        target = replace(self.all[at], index=at, source=f"_asked_ = {expression}", comments="")
        flow = flow_of(self.notebook, [*before, target])
        return flow, flow.backward_slice([at]) - {at}

    def _shows_or_dead(self, index: int) -> bool:
        """Statements that only show something, imports, and branches that are switched off."""
        node = self.nodes[index]
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return True
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in _SHOWS:
                return True
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) as func)):
                root = path_of(func, self.paths).partition(".")[0]
                return name in _SHOWS or root in ("matplotlib", "seaborn", "warnings", "plotly")
            case ast.Expr(value=ast.Call()):
                return False
            case ast.Expr():
                return True
            case ast.If(test=ast.Name(id=name), orelse=[]):
                return self._off(name, index)
        return False

    def _off(self, name: str, before: int) -> bool:
        bound = [
            node.value
            for index, node in self.nodes.items()
            if index < before
            and isinstance(node, ast.Assign)
            and any(isinstance(each, ast.Name) and each.id == name for each in node.targets)
        ]
        return len(bound) == 1 and isinstance(bound[0], ast.Constant) and bound[0].value is False

    # -- reading and writing

    def _read(
        self, texts: Mapping[int, str], order: Sequence[int], expression: str, tables: Mapping[int, Kind]
    ) -> Kind:
        """The kind of the expression, with these kinds for what is read."""
        world, kinds = self._world(), {f"_table_{number}_": kind for number, kind in tables.items()}
        for index in order:
            Reader(world, kinds, texts[index]).statement(ast.parse(texts[index]).body[0])
        return Reader(world, kinds, expression).visit(_expression(expression))

    def _write(
        self,
        texts: Mapping[int, str],
        order: Sequence[int],
        expression: str,
        selecting: Collection[int],
        main: Table,
        tables: Sequence[Table],
        place: Place,
    ) -> tuple[World, list[tuple[int, Line]], str, list[tuple[Found, Place]]]:
        world = self._world()
        kinds = {f"_table_{each.number}_": Kind("learned", each.number) for each in tables}
        kinds[f"_table_{main.number}_"] = Kind("rows", main.number)
        found: list[tuple[Found, Place]] = []
        lines: list[tuple[int, Line]] = []
        for index in order:
            statement = self.all[index]
            reader = Reader(world, kinds, texts[index], selecting=index in selecting)
            reader.statement(ast.parse(texts[index]).body[0])
            text = self._setting(index) or reader.edits.result()
            where = self._place(statement, 1)
            lines.append((index, Line(self._with_tables(text, main, tables), statement.comments, where)))
            found += [(self._shown(each, tables), self._place(statement, each.line)) for each in reader.found]
        reader = Reader(world, kinds, expression)
        reader.want(_expression(expression))
        found += [(each, place) for each in reader.found]
        return world, lines, self._with_tables(reader.edits.result(), main, tables), found

    def _setting(self, index: int) -> str:
        """``SEED = 3``, where a run may be given another."""
        match self.nodes[index]:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in self.defaults:
                return f"{name} = state.setting({name!r}, {ast.get_source_segment(self.all[index].source, value)})"
        return ""

    def _with_tables(self, text: str, main: Table, tables: Sequence[Table]) -> str:
        for each in tables:
            given = f"state[{each.name!r}]"
            if each.number == main.number:
                given = "raw.copy()" if each.framed else f"state.like({each.name!r}, raw)"
            text = text.replace(f"_table_{each.number}_", given)
        return text

    def _shown(self, found: Found, tables: Sequence[Table]) -> Found:
        code = found.code
        for each in tables:
            code = code.replace(f"_table_{each.number}_", each.code)
        return replace(found, code=code)

    def _world(self) -> World:
        functions = {name: self.nodes[index] for name, index in self.defined.items()}
        return World(
            self.paths,
            {name: node for name, node in functions.items() if isinstance(node, ast.FunctionDef)},
            {name: self.all[index].source for name, index in self.defined.items()},
        )

    # -- what the code needs around it

    def _nested(self, name: str, flow: NotebookFlow) -> bool:
        """Whether a function uses what only ``transform`` has: it stays where it stands."""
        step = flow.steps[self.defined[name]]
        function = step.flow.functions.get(name)
        if function is None:
            return True
        outside = (function.reads | function.at_definition) - _BUILTINS - set(self.bound) - set(self.defined)
        return any(not self._constant(each) for each in outside)

    def _constant(self, name: str) -> bool:
        return self._literal(name) is not None

    def _literal(self, name: str) -> Statement | None:
        """The one statement that binds a name to a plain value."""
        binding = [
            each
            for each in self.all
            if isinstance(node := self.nodes[each.index], (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For))
            and name
            in {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        ]
        if len(binding) != 1:
            return None
        node = self.nodes[binding[0].index]
        if name in self.defaults or not isinstance(node, ast.Assign) or not _is_plain(node.value, self.bound):
            return None
        return binding[0]

    def _plain(self, functions: Mapping[str, str], flow: NotebookFlow) -> dict[str, str]:
        """The constants that functions of the module name."""
        found: dict[str, str] = {}
        for name in functions:
            function = flow.steps[self.defined[name]].flow.functions[name]
            for each in sorted(function.reads | function.at_definition):
                literal = self._literal(each)
                if literal is not None:
                    found[each] = literal.source
        return found

    def _load(self, tables: Sequence[Table]) -> list[str]:
        """The lines that the reading of the tables needs."""
        wanted: set[int] = set()
        for table in tables:
            at = table.statement
            target = replace(self.all[at], index=at, source=f"_read_ = {table.code}", comments="")
            flow = flow_of(self.notebook, [*self.all[:at], target])
            wanted |= flow.backward_slice([at]) - {at}
        return [
            self.all[index].source
            for index in sorted(wanted)
            if not isinstance(self.nodes[index], (ast.Import, ast.ImportFrom))
            and not (isinstance(node := self.nodes[index], ast.Assign) and _target(node) in self.defaults)
            and not self._shows_or_dead(index)
        ]


def _wanted(lines: list[tuple[int, Line]], result: str) -> list[tuple[int, Line]]:
    """Without bindings of plain values that no line names, as where the branch that needed them is switched off."""
    while True:
        named: list[str] = [each for _, line in lines for each in _loads(line.text)] + _loads(result)
        kept = []
        for index, line in lines:
            node = ast.parse(line.text).body[0]
            plain = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            if plain and _target(node) not in named and " = raw" not in line.text:  # type: ignore[arg-type]
                continue
            kept.append((index, line))
        if len(kept) == len(lines):
            return kept
        lines = kept


def _loads(text: str) -> list[str]:
    tree = ast.parse(text)
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)]


def _where(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _replaced(text: str, node: ast.expr, new: str) -> str:
    from handoff_ext.features.edits import Edits

    edits = Edits(text)
    edits.put(node, new)
    return edits.result()


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _target(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def _is_plain(node: ast.expr, imports: Mapping[str, str]) -> bool:
    """A value that needs nothing of the notebook."""
    return all(each.id in imports or each.id in _BUILTINS for each in ast.walk(node) if isinstance(each, ast.Name))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes mutants of a C++ file by rule: every place where one small fault can be put, each as a replacement of a piece of its text.

The places come from clang's syntax tree, so comments, strings, types, declarations, static_assert and REQUIRE stay as they are.

  rel     a relation to its neighbours and its negation
  arith   + and -, shifts, bit operations, ++ and --, another operator; an integer constant to one more, one less, 0
  logic   && and ||; ! dropped; a condition, an operand of && or ||, a returned bool, true and false, to the other truth
  drop    a statement left out: a call, an assignment, a return, break or continue inside a block
  swap    two neighbours of one type, as arguments or as initialisers, exchanged
  field   a member for the next member of the same type
  enum    an enumerator for the next of its enumeration

usage: rules.py FILE...        prints the mutants of these files, one a line
"""
import dataclasses
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-x", "c++", "-std=c++20", "-isystem", "/usr/include/android"]
KEPT_MACROS = {"REQUIRE"}  # a check of its own, and nothing in what ships
TEXT_MAX = 160

RELATIONS = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="]}
ORDERED = {"==": ["<=", ">="], "!=": ["<", ">"]}  # between integers, also these
ARITHMETIC = {"+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"], "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["|"],
              "+=": ["-="], "-=": ["+="], "*=": ["+="], "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["|="], "<<=": [">>="], ">>=": ["<<="]}
LOGIC = {"&&": ["||"], "||": ["&&"]}


@dataclasses.dataclass
class Mutant:
    file: str
    line: int
    column: int
    rule: str
    number: int  # among those of one place and rule, from 1
    start: int  # bytes
    end: int
    new: str
    function: str
    change: str  # the statement, with the change as [old -> new]; the same wherever the line moves

    @property
    def name(self):
        return f"{self.file}:{self.line}:{self.column}:{self.rule}:{self.number}"

    def applied(self, text: bytes) -> bytes:
        return text[:self.start] + self.new.encode() + text[self.end:]


def plain(text: str) -> str:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"\s+", " ", text).strip()


class Reader:
    """Walks one file's syntax tree and collects its mutants."""

    def __init__(self, root: pathlib.Path, file: str):
        import clang.cindex as cindex
        self.kinds = cindex.CursorKind
        self.file, self.text = file, (root / file).read_bytes()
        options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = cindex.Index.create().parse(str(root / file), args=[*FLAGS, "-I", str(root)], options=options)
        errors = [str(d) for d in self.unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if errors:
            raise RuntimeError(errors[0])
        self.here = str(root / file)
        self.found, self.seen, self.kept, self.enums, self.members = [], set(), [], {}, {}

    def mutants(self) -> list[Mutant]:
        roots = [c for c in self.unit.cursor.get_children() if c.location.file is not None and c.location.file.name == self.here]
        self.kept = [self.span(c) for c in roots if c.kind == self.kinds.MACRO_INSTANTIATION and c.spelling in KEPT_MACROS]
        for cursor in roots:
            if not cursor.kind.is_preprocessing():
                self.walk(cursor, "", self.span(cursor), False)
        self.found.sort(key=lambda m: (m.start, m.end, m.rule, m.new))
        counts = {}
        for mutant in self.found:
            place = (mutant.line, mutant.column, mutant.rule)
            counts[place] = mutant.number = counts.get(place, 0) + 1
        return self.found

    @staticmethod
    def span(cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def source(self, span) -> str:
        return self.text[span[0]:span[1]].decode()

    def add(self, rule, span, new, function, statement):
        start, end = span
        if start >= end and rule != "drop" or any(a <= start < b for a, b in self.kept) or (span, new) in self.seen:
            return
        old = self.source(span)
        if plain(old) == plain(new):
            return
        self.seen.add((span, new))
        line_start = self.text.rfind(b"\n", 0, start) + 1
        a, b = statement
        if not a <= start <= end <= b or b - a > TEXT_MAX:
            a, b = line_start, self.text.find(b"\n", end)
        change = plain(f"{self.source((a, start))} [{plain(old)} -> {new or 'nothing'}] {self.source((end, b))}")
        line = self.text.count(b"\n", 0, start) + 1
        self.found.append(Mutant(self.file, line, start - line_start + 1, rule, 0, start, end, new, function, change))

    # ---- the walk

    def walk(self, cursor, function, statement, boolean):
        kinds, kind = self.kinds, cursor.kind
        if kind in (kinds.STATIC_ASSERT, kinds.ENUM_DECL, kinds.PARM_DECL, kinds.TYPE_ALIAS_DECL, kinds.TYPEDEF_DECL, kinds.FRIEND_DECL):
            return
        children = [c for c in cursor.get_children() if c.location.file is not None and c.location.file.name == self.here]
        if kind in (kinds.FUNCTION_DECL, kinds.CXX_METHOD, kinds.CONSTRUCTOR, kinds.DESTRUCTOR, kinds.FUNCTION_TEMPLATE, kinds.CONVERSION_FUNCTION):
            function = self.function_name(cursor)
            boolean = cursor.result_type.get_canonical().spelling == "bool"
            children = [c for c in children if c.location.offset > cursor.location.offset]
        elif kind in (kinds.VAR_DECL, kinds.FIELD_DECL):
            if not function:
                function, statement = cursor.spelling, self.span(cursor)
            children = [c for c in children if self.is_value_of(cursor, c)]
        elif kind == kinds.LAMBDA_EXPR:
            boolean = False
        elif kind == kinds.COMPOUND_STMT:
            for child in children:
                self.drop(child, function)
        elif kind.is_statement():
            self.branches(cursor, children, function, boolean)
        self.operator(cursor, kind, children, function, statement)
        self.value(cursor, kind, children, function, statement)
        for child in children:
            parts = kind == kinds.COMPOUND_STMT or child.kind.is_statement() or \
                kind.is_statement() and kind != kinds.RETURN_STMT and child.kind.is_expression()
            self.walk(child, function, self.span(child) if parts else statement, boolean)

    @staticmethod
    def function_name(cursor):
        names = [cursor.spelling]
        parent = cursor.semantic_parent
        while parent is not None and parent.kind.is_declaration() and parent.spelling not in ("", "twinlock"):
            names.insert(0, parent.spelling)
            parent = parent.semantic_parent
        return "::".join(names)

    def is_value_of(self, declared, child):
        """Not the type before the name, nor the size of an array after it."""
        name_end = declared.location.offset + len(declared.spelling.encode())
        start = child.extent.start.offset
        return start >= name_end and not re.match(r"\s*\[[^\]]*$", self.source((name_end, start)))

    def drop(self, child, function):
        kinds, (start, end) = self.kinds, self.span(child)
        tail = self.text[end:end + 80].decode(errors="replace").lstrip()
        if child.kind.is_expression() and tail.startswith(";"):
            self.add("drop", (start, end), "", function, (start, end))

    def branches(self, cursor, children, function, boolean):
        kinds, kind = self.kinds, cursor.kind
        if kind == kinds.RETURN_STMT and boolean and children:
            span = self.span(children[0])
            for new in ("true", "false"):
                self.add("logic", span, new, function, self.span(cursor))
        if kind in (kinds.IF_STMT, kinds.WHILE_STMT, kinds.DO_STMT, kinds.FOR_STMT):
            closing = ";" if kind == kinds.FOR_STMT else ")"
            condition = next((c for c in children if c.kind.is_expression() and
                              self.text[c.extent.end.offset:].lstrip()[:1].decode() == closing), None)
            if condition is not None:
                for new in (("true", "false") if kind == kinds.IF_STMT else ("false",)):
                    self.add("logic", self.span(condition), new, function, self.span(condition))
        bodies = []
        if kind in (kinds.FOR_STMT, kinds.WHILE_STMT, kinds.CXX_FOR_RANGE_STMT):
            bodies = children[-1:]
        elif kind == kinds.IF_STMT:
            after = [c for c in children if re.search(r"(\)|else)\s*$", plain(self.source((cursor.extent.start.offset, c.extent.start.offset))))]
            bodies = after[-2:] if len(after) > 1 else []
        elif kind in (kinds.CASE_STMT, kinds.DEFAULT_STMT):
            bodies = children[-1:]
        for body in bodies:
            self.drop(body, function)
        for block in [c for c in children if c.kind == kinds.COMPOUND_STMT]:
            for child in block.get_children():
                if child.kind in (kinds.RETURN_STMT, kinds.BREAK_STMT, kinds.CONTINUE_STMT):
                    self.add("drop", self.span(child), "", function, self.span(child))

    # ---- operators

    def operator(self, cursor, kind, children, function, statement):
        kinds = self.kinds
        if kind in (kinds.UNARY_OPERATOR, kinds.CALL_EXPR):
            start = cursor.extent.start.offset
            for old, new, rule in ((b"!", "", "logic"), (b"++", "--", "arith"), (b"--", "++", "arith"), (b"~", "", "arith")):
                if self.text.startswith(old, start) and (kind == kinds.UNARY_OPERATOR or cursor.spelling == "operator" + old.decode()):
                    self.add(rule, (start, start + len(old)), new, function, statement)
            end = cursor.extent.end.offset
            if kind == kinds.UNARY_OPERATOR and self.text[end - 2:end] in (b"++", b"--"):
                self.add("arith", (end - 2, end), "--" if self.text[end - 2:end] == b"++" else "++", function, statement)
        if kind == kinds.CONDITIONAL_OPERATOR and children:
            for new in ("true", "false"):
                self.add("logic", self.span(children[0]), new, function, statement)
        overloaded = kind == kinds.CALL_EXPR and cursor.spelling.startswith("operator")
        if not overloaded and kind not in (kinds.BINARY_OPERATOR, kinds.COMPOUND_ASSIGNMENT_OPERATOR, kinds.UNEXPOSED_EXPR):
            return
        operands = sorted((c for c in (cursor.get_arguments() if overloaded else children) if c is not None and c.kind.is_expression()), key=self.span)
        for left, right in zip(operands, operands[1:]):
            gap = (left.extent.end.offset, right.extent.start.offset)
            found = re.fullmatch(r"(\s*)([-+*/%<>=!&|^]+)\s*", self.source(gap)) if gap[0] < gap[1] else None
            if not found:
                continue
            sign, at = found[2], gap[0] + len(found[1])
            span = (at, at + len(sign))
            whole = not overloaded and kind != kinds.UNEXPOSED_EXPR and "enum" not in left.type.get_canonical().spelling and \
                left.type.get_canonical().kind.name in ("UINT", "INT", "ULONG", "LONG", "UCHAR", "USHORT", "SCHAR", "SHORT", "ULONGLONG", "LONGLONG")
            for rule, table in (("rel", RELATIONS), ("rel", ORDERED if whole else {}), ("arith", ARITHMETIC), ("logic", LOGIC)):
                for new in table.get(sign, []):
                    self.add(rule, span, new, function, statement)
            if sign in LOGIC:
                for operand in (left, right):
                    self.add("logic", self.span(operand), "true" if sign == "&&" else "false", function, statement)

    # ---- values

    def value(self, cursor, kind, children, function, statement):
        kinds, start = self.kinds, cursor.extent.start.offset
        if kind == kinds.INTEGER_LITERAL:
            found = re.match(rb"(0[xX][0-9a-fA-F']+|[0-9][0-9']*)([uUlLzZ]*)(?![\w.])", self.text[start:start + 40])
            if found:
                digits = found[1].decode().replace("'", "")
                number = int(digits, 16) if digits.lower().startswith("0x") else int(digits, 8 if digits.startswith("0") else 10)
                news = [number + 1, *([number - 1] if number > 0 else []), *([0] if number > 1 else [])]
                for new in news:
                    self.add("arith", (start, start + found.end()), f"{new}{found[2].decode()}", function, statement)
        elif kind == kinds.CXX_BOOL_LITERAL_EXPR:
            for old, new in ((b"true", "false"), (b"false", "true")):
                if self.text.startswith(old, start):
                    self.add("logic", (start, start + len(old)), new, function, statement)
        elif kind in (kinds.DECL_REF_EXPR, kinds.MEMBER_REF_EXPR) and cursor.referenced is not None:
            referenced, end = cursor.referenced, cursor.extent.end.offset
            name = referenced.spelling.encode()
            if name and self.text[end - len(name):end] == name:
                rule, new = self.neighbour(referenced)
                if new:
                    self.add(rule, (end - len(name), end), new, function, statement)
        if kind == kinds.CALL_EXPR and not cursor.spelling.startswith("operator"):
            self.swap([c for c in cursor.get_arguments() if c is not None], function, statement)
        elif kind == kinds.INIT_LIST_EXPR:
            self.swap(children, function, statement)

    def neighbour(self, referenced):
        """The enumerator or member that comes next among those of the same kind."""
        kinds = self.kinds
        parent = referenced.semantic_parent
        if parent is None or parent.location.file is None or parent.location.file.name.startswith("/usr/"):
            return "", None
        if referenced.kind == kinds.ENUM_CONSTANT_DECL:
            names = [c.spelling for c in parent.get_children() if c.kind == kinds.ENUM_CONSTANT_DECL]
            rule = "enum"
        elif referenced.kind == kinds.FIELD_DECL:
            wanted = referenced.type.get_canonical().spelling.removeprefix("const ")
            names = [c.spelling for c in parent.get_children()
                     if c.kind == kinds.FIELD_DECL and c.type.get_canonical().spelling.removeprefix("const ") == wanted]
            rule = "field"
        else:
            return "", None
        at = names.index(referenced.spelling) if referenced.spelling in names else -1
        return rule, names[(at + 1) % len(names)] if at >= 0 and len(names) > 1 else None

    def swap(self, values, function, statement):
        def kind_of(value):
            return value.type.get_canonical().spelling.removeprefix("const ").removesuffix("&").strip()

        for left, right in zip(values, values[1:]):
            a, b = self.span(left), self.span(right)
            if a[0] < a[1] <= b[0] < b[1] and kind_of(left) == kind_of(right):
                between = self.source((a[1], b[0]))
                if between.strip() == ",":
                    self.add("swap", (a[0], b[1]), self.source(b) + between + self.source(a), function, statement)


def of_file(root: pathlib.Path, file: str) -> list[Mutant]:
    sys.setrecursionlimit(10000)
    return Reader(pathlib.Path(root), file).mutants()


if __name__ == "__main__":
    for named in sys.argv[1:] or sys.exit(__doc__):
        for made in of_file(ROOT, named):
            print(f"{made.name:50} {made.function}: {made.change}")

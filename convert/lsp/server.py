"""The language server itself: pygls on stdin and stdout, `answers` behind it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from .answers import Edit, Place, conversions, findings, page_at

_SEVERITY = {"NF1": types.DiagnosticSeverity.Error, "NF3": types.DiagnosticSeverity.Warning}


def serve() -> None:
    """Answer an editor on stdin and stdout until it says goodbye."""
    build().start_io()


def build() -> LanguageServer:
    """A server with everything that it answers."""
    server = LanguageServer("nnflip", version("nnflip"))
    for name in (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_SAVE,
    ):
        server.feature(name)(_publish)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_clear)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.RefactorRewrite])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_actions)
    return server


def _publish(
    server: LanguageServer,
    params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams | types.DidSaveTextDocumentParams,
) -> None:
    document = server.workspace.get_text_document(params.text_document.uri)
    found = [
        types.Diagnostic(
            range=_range(document, place),
            message=f"{each.message}\n{each.cure}",
            severity=_SEVERITY.get(each.code[:3], types.DiagnosticSeverity.Information),
            code=each.code,
            source="nnflip",
        )
        for place, each in findings(document.source, _path(document))
    ]
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(document.uri, found, version=document.version)
    )


def _clear(server: LanguageServer, params: types.DidCloseTextDocumentParams) -> None:
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))


def _hover(server: LanguageServer, params: types.HoverParams) -> types.Hover | None:
    document = server.workspace.get_text_document(params.text_document.uri)
    at = document.position_codec.position_from_client_units(document.lines, params.position)
    found = page_at(document.source, at.line, at.character)
    if found is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, found[1])
    return types.Hover(content, _range(document, found[0]))


def _actions(server: LanguageServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    wanted = params.context.only
    if wanted and not any(types.CodeActionKind.RefactorRewrite.value.startswith(str(_kind(each))) for each in wanted):
        return []
    document = server.workspace.get_text_document(params.text_document.uri)
    lines = params.range.start.line, params.range.end.line
    return [
        types.CodeAction(
            title=action.title,
            kind=types.CodeActionKind.RefactorRewrite,
            edit=types.WorkspaceEdit(changes={document.uri: [_edit(document, each) for each in action.edits]}),
        )
        for action in conversions(document.source, _path(document), *lines)
    ]


def _kind(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _path(document: TextDocument) -> Path:
    return Path(to_fs_path(document.uri) or "untitled.py")


def _edit(document: TextDocument, edit: Edit) -> types.TextEdit:
    return types.TextEdit(_range(document, edit.place), edit.text)


def _range(document: TextDocument, place: Place) -> types.Range:
    """A place in the units that the editor counts in."""
    whole = types.Range(types.Position(place.line, place.column), types.Position(place.end_line, place.end_column))
    return document.position_codec.range_to_client_units(document.lines, whole)

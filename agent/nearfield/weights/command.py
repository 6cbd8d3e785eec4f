"""`nearfield models`: list, pull, verify, path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nearfield.errors import UserError
from nearfield.weights.catalogue import Catalogue, Model, load_catalogue
from nearfield.weights.progress import TerminalProgress, readable
from nearfield.weights.pull import pull
from nearfield.weights.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearfield.home import Home


def run_models(
    action: str,
    names: list[str],
    home: Home,
    *,
    source_folder: str | None,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> int:
    """Do `action` (list, pull, verify or path) for the named models; the exit code.

    Results go to `out`, as text or as one JSON object; progress goes to `err`. No names mean all models for `list`,
    the default ones for `pull`, those that are here for `verify` and the folder of all weights for `path`. Exit code 1
    means that `verify` found something that is not as it should be. Raises WeightsError.
    """
    if source_folder is not None and action != "pull":
        raise UserError(f"--from goes with `models pull`, not with `models {action}`.")
    catalogue = load_catalogue(home)
    store = Store(home.weights)
    models = [catalogue.get(name) for name in dict.fromkeys(names)]
    code = 0
    match action:
        case "list":
            text, data = _list(models or catalogue.models, store)
        case "pull":
            folder = Path(source_folder).expanduser() if source_folder is not None else None
            text, data = _pull(models or catalogue.defaults, store, folder, err)
        case "verify":
            text, data, code = _verify(models or _here(catalogue, store), store, err)
        case "path":
            text, data = _path(models, store)
        case _:
            raise UserError(f"`models` can list, pull, verify or path, not {action!r}.")
    out.write((json.dumps(data, ensure_ascii=False) if as_json else text) + "\n")
    return code


def _list(models: Sequence[Model], store: Store) -> tuple[str, dict[str, Any]]:
    rows: list[tuple[str, ...]] = [("name", "kind", "size", "licence", "state")]
    entries = []
    for model in models:
        state = store.state(model)
        rows.append((model.name, model.kind, readable(model.size), model.licence, state))
        entries.append(
            {
                "name": model.name,
                "kind": model.kind,
                "title": model.title,
                "bytes": model.size,
                "licence": model.licence,
                "state": state,
                "default": model.default,
                "notes": model.notes,
                "folder": str(store.folder(model)),
            }
        )
    return _table(rows), {"models": entries}


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    # Sizes are compared by their last digits; everything else is read from the left.
    right = rows[0].index("size")
    lines = []
    for row in rows:
        cells = [c.rjust(w) if i == right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _pull(models: Sequence[Model], store: Store, folder: Path | None, err: TextIO) -> tuple[str, dict[str, Any]]:
    progress = TerminalProgress(err)
    lines, entries = [], []
    for model in models:
        try:
            fetched = pull(model, store, progress, folder=folder)
        finally:
            progress.close()
        place = store.folder(model)
        lines.append(f"{model.name}: {'fetched' if fetched else 'already here'}, in {place}")
        entries.append({"name": model.name, "fetched": list(fetched), "folder": str(place)})
    return "\n".join(lines), {"models": entries}


def _here(catalogue: Catalogue, store: Store) -> Sequence[Model]:
    return [model for model in catalogue.models if store.folder(model).is_dir()] or catalogue.defaults


def _verify(models: Sequence[Model], store: Store, err: TextIO) -> tuple[str, dict[str, Any], int]:
    progress = TerminalProgress(err)
    lines, entries, good = [], [], True
    for model in models:
        try:
            found = store.verify(model, progress)
        finally:
            progress.close()
        good = good and set(found.values()) == {"ok"}
        lines += [f"{condition:8}{model.name}/{file}" for file, condition in found.items()]
        if set(found.values()) != {"ok"}:
            lines.append(f"        run: nearfield models pull {model.name}")
        entries.append({"name": model.name, "files": found})
    return "\n".join(lines), {"ok": good, "models": entries}, 0 if good else 1


def _path(models: Sequence[Model], store: Store) -> tuple[str, dict[str, Any]]:
    if not models:
        return str(store.root), {"path": str(store.root)}
    paths = {model.name: str(store.folder(model)) for model in models}
    return "\n".join(paths.values()), {"path": next(iter(paths.values())), "paths": paths}

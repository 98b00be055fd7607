"""Servers that keep datasets as Phoenix, MLflow, Langfuse and LangSmith do, in the shape of their interfaces."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.sources.services.servers import Answer, Asked

STAMP = "2026-11-24T09:00:00.000Z"
PAGE = 5
NO_SUCH = 404, {"message": "no such page", "detail": "no such page"}


@dataclass
class FakeDatasets:
    """What all of them hold: the rows of each dataset by their key. ``refuses`` is an example that is not taken."""

    held: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    refuses: str = ""

    def named(self, dataset_id: str) -> str:
        """Return the name of a dataset."""
        return next(name for name in self.held if self.id_of(name) == dataset_id)

    def id_of(self, name: str) -> str:
        """Return the id of a dataset."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a dataset."""
        return list(self.held[name].values())

    def refusing(self, told: Any) -> bool:
        """Return whether something is not taken."""
        return bool(self.refuses) and self.refuses in json.dumps(told)


@dataclass
class PhoenixDatasets(FakeDatasets):
    """Takes ``append`` and ``update`` of a whole upload; ``versions`` counts what changed."""

    versions: int = 0

    def __call__(self, asked: Asked) -> Answer:
        match asked.method, asked.path.removeprefix("/v1/datasets").strip("/").split("/"):
            case "GET", [""]:
                names = [name for name in self.held if name == asked.query["name"]]
                return 200, {"data": [{"id": self.id_of(name), "name": name} for name in names], "next_cursor": None}
            case "GET", [dataset, "examples"]:
                rows = [
                    {**{k: row[k] for k in ("input", "output", "metadata")}, "id": own, "node_id": f"N-{own}"}
                    for own, row in self.held[self.named(dataset)].items()
                ]
                return 200, {"data": {"dataset_id": dataset, "version_id": str(self.versions), "examples": rows}}
            case "POST", ["upload"]:
                return self._upload(asked.body)
        return NO_SUCH

    def _upload(self, body: dict[str, Any]) -> Answer:
        if self.refusing(body):
            return 422, {"detail": "Example is not taken"}
        rows = self.held.setdefault(body["name"], {})
        columns = [body[part] for part in ("inputs", "outputs", "metadata")]
        ids = [own.removeprefix("N-") for own in body["example_ids"]]
        assert len(set(ids)) == len(ids) and {len(one) for one in columns} == {len(ids)}
        told = [dict(zip(("input", "output", "metadata"), one, strict=True)) for one in zip(*columns, strict=True)]
        before = dict(rows)
        if body["action"] == "update":
            for gone in set(rows) - set(ids):
                del rows[gone]
        for n, own in enumerate(ids):
            split = body["splits"][n] if "splits" in body else rows[own]["split"]
            rows[own] = {**told[n], "split": split}
        self.versions += rows != before
        return 200, {"data": {"dataset_id": self.id_of(body["name"]), "version_id": str(self.versions)}}


@dataclass
class MlflowDatasets(FakeDatasets):
    """Tells records apart by their inputs and merges what it is told of one into what it has."""

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/api/3.0/mlflow/datasets/").split("/")
        match asked.method, path:
            case "GET", ["", "api", "2.0", *_]:
                return 200, {"experiment": {"experiment_id": "7"}}
            case "POST", ["search"]:
                assert asked.body["experiment_ids"] == ["7"]
                return 200, {"datasets": [{"dataset_id": self.id_of(name), "name": name} for name in self.held]}
            case "POST", ["create"]:
                assert asked.body["name"] not in self.held, "there would be two of one name"
                self.held[asked.body["name"]] = {}
                return 200, {"dataset": {"dataset_id": self.id_of(asked.body["name"])}}
            case _, [dataset, "records"]:
                return self._records(asked, self.held[self.named(dataset)])
        return NO_SUCH

    def _records(self, asked: Asked, rows: dict[str, dict[str, Any]]) -> Answer:
        if asked.method == "GET":
            first = int(asked.query.get("page_token", 0))
            told = {"records": json.dumps(list(rows.values())[first : first + PAGE])}
            return 200, {**told, **({"next_page_token": str(first + PAGE)} if first + PAGE < len(rows) else {})}
        if asked.method == "DELETE":
            for key in [
                key for key, row in rows.items() if row["dataset_record_id"] in asked.body["dataset_record_ids"]
            ]:
                del rows[key]
            return 200, {}
        if self.refusing(asked.body):
            return 400, {"error_code": "INVALID_PARAMETER_VALUE", "message": "Record is not taken"}
        for record in json.loads(asked.body["records"]):
            key = json.dumps(record["inputs"], sort_keys=True)
            old = rows.get(
                key, {"dataset_record_id": f"dr-{len(rows)}", "expectations": {}, "tags": {"mlflow.user": "x"}}
            )
            merged = {part: {**old[part], **record[part]} for part in ("expectations", "tags")}
            rows[key] = {**old, "inputs": record["inputs"], "outputs": record["outputs"], **merged}
        return 200, {}


@dataclass
class LangfuseDatasets(FakeDatasets):
    """Writes items over by their id, which counts for the project."""

    def __call__(self, asked: Asked) -> Answer:
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return 401, {"message": "no key"}
        match asked.method, asked.path.removeprefix("/api/public/").split("/"):
            case "GET", ["v2", "datasets", *rest]:
                name = unquote("/".join(rest))
                return (200, self._dataset(name)) if name in self.held else (404, {"message": "Dataset not found"})
            case "POST", ["v2", "datasets"]:
                self.held.setdefault(asked.body["name"], {})
                return 200, self._dataset(asked.body["name"])
            case "GET", ["dataset-items", *rest]:
                return self._item(rest[0]) if rest else self._items(asked)
            case "POST", ["dataset-items"]:
                if self.refusing(asked.body):
                    return 400, {"message": "Item is not taken"}
                row = self._whole(asked.body)
                self.held[asked.body["datasetName"]][row["id"]] = row
                return 200, row
        return NO_SUCH

    def _dataset(self, name: str) -> dict[str, Any]:
        stamps = {"createdAt": STAMP, "updatedAt": STAMP}
        return {"id": self.id_of(name), "name": name, "description": None, "metadata": None, "projectId": "p", **stamps}

    def _whole(self, body: dict[str, Any]) -> dict[str, Any]:
        name = body["datasetName"]
        known = {"input": None, "expectedOutput": None, "metadata": None, "status": "ACTIVE"}
        stamps = {"createdAt": STAMP, "updatedAt": STAMP, "mediaReferences": []}
        return {**known, **body, "datasetId": self.id_of(name), **stamps}

    def _item(self, own: str) -> Answer:
        found = [row for rows in self.held.values() for row in rows.values() if row["id"] == unquote(own)]
        return (200, found[0]) if found else NO_SUCH

    def _items(self, asked: Asked) -> Answer:
        number = int(asked.query["page"])
        rows = self.rows(asked.query["datasetName"])
        pages = -(-len(rows) // PAGE)
        meta = {"page": number, "limit": PAGE, "totalItems": len(rows), "totalPages": pages}
        return 200, {"data": rows[(number - 1) * PAGE : number * PAGE], "meta": meta}


@dataclass
class LangSmithDatasets(FakeDatasets):
    """Keeps the split of an example in its metadata, and refuses to add one that is there."""

    def __call__(self, asked: Asked) -> Answer:
        if not asked.headers.get("x-api-key"):
            return 403, {"detail": "no key"}
        match asked.method, asked.path.removeprefix("/api/v1/").split("/"):
            case "GET", ["datasets"]:
                names = [name for name in self.held if name == asked.query["name"]]
                return 200, [self._dataset(name) for name in names]
            case "POST", ["datasets"]:
                assert asked.body["name"] not in self.held
                self.held[asked.body["name"]] = {}
                return 200, self._dataset(asked.body["name"])
            case "GET", ["examples"]:
                rows = self.rows(self.named(asked.query["dataset"]))
                first, size = int(asked.query["offset"]), int(asked.query["limit"])
                return 200, rows[first : first + size]
            case (("POST" | "PATCH"), ["examples", "bulk"]):
                return self._write(asked)
            case "DELETE", ["examples"]:
                for rows_of in self.held.values():
                    for own in asked.many("example_ids"):
                        rows_of.pop(own, None)
                return 200, {}
        return NO_SUCH

    def _dataset(self, name: str) -> dict[str, Any]:
        return {"id": self.id_of(name), "name": name, "data_type": "kv", "created_at": STAMP}

    def _write(self, asked: Asked) -> Answer:
        if self.refusing(asked.body):
            return 422, {"detail": "Example is not taken"}
        for row in asked.body:
            rows = self.held[self.named(row["dataset_id"])]
            if asked.method == "POST" and row["id"] in rows:
                return 409, {"detail": "it is there"}
        for row in asked.body:
            rows = self.held[self.named(row["dataset_id"])]
            metadata = {**row["metadata"], "dataset_split": [row["split"]]}
            kept = {key: value for key, value in row.items() if key != "split"}
            rows[row["id"]] = {**kept, "metadata": metadata, "created_at": STAMP, "modified_at": STAMP}
        return 200, asked.body

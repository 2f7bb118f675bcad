"""`make faults`: people work over HTTP while what the portal stands on fails, and after each fault it
is asked whether anything was lost, doubled or left half done (docs/faults.md).

| module | what it holds |
|---|---|
| `rig`, `processes` | a cluster, web, workers, and the servers below, all on 127.0.0.1 |
| `storage`, `post`, `proxy` | an S3 server, a mail server and a way between browser and portal that fail when told |
| `jumping`, `settings`, `jobs` | the clock and the poison job of the processes under test |
| `browsing`, `people`, `stories` | people who press, wait, and press again |
| `ledger` | what they were told is done |
| `table` | each fault: how it is done and undone |
| `invariants` | each question, and who answers it |
| `campaign`, `told` | one fault after the other, and the log |
"""

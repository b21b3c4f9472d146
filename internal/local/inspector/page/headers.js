/**
 * Returns the headers of one way as rows { kind, name, before, after, meaning, by }: those that stages added, removed or replaced, and those that
 * they left alone. On the way in, headers are those before all stages; on the way out, those after.
 */
export function journey(headers, stages, way) {
  const rows = headers.map(([name, value]) => ({ kind: 'same', name, before: value, after: value, by: [] }));
  for (const stage of stages.filter((stage) => stage.way === way)) {
    for (const change of stage.changes.filter(({ what }) => what === 'header')) merge(rows, change, stage.name);
  }
  return rows.map((row) => ({ ...row, by: row.by.join(', ') })).sort((a, b) => a.name.localeCompare(b.name));
}

function merge(rows, { kind, name, before, after, meaning }, by) {
  let row = rows.find((row) => row.name.toLowerCase() === name.toLowerCase());
  if (!row) rows.push(row = { kind, name, before, by: [] });
  else if (row.kind === 'same') Object.assign(row, { kind, before });
  else row.kind = !row.before ? 'added' : kind === 'removed' ? 'removed' : 'replaced';
  Object.assign(row, { after, meaning });
  row.by.push(by);
}

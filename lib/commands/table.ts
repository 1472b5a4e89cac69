/** Rows with the first column at the left and the others at the right; a row may have fewer cells than others. */
export function table(rows: readonly (readonly string[])[]): string {
  const widthOf = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length));
  const fit = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widthOf(column)) : cell.padStart(widthOf(column));
  return rows.map((row) => row.map(fit).join("  ")).join("\n");
}

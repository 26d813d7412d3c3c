/** Copying columns into the vectors of a DuckDB data chunk. */
import bindings from "@duckdb/node-bindings";
import type { ColumnBuffer } from "./column-buffer.ts";
import type { PackedChunk } from "./packed-chunk.ts";

/** The first rows of a column as the chunk's vector. */
export function writeVector(chunk: bindings.DataChunk, index: number, rows: number, column: ColumnBuffer): void {
  const vector = bindings.data_chunk_get_vector(chunk, index);
  bindings.copy_data_to_vector(vector, 0, column.bytes.buffer as ArrayBuffer, 0, rows * column.width);
  if (column.hasNulls) writeValidity(vector, column.validity.buffer as ArrayBuffer, rows);
  for (let i = 0; i < column.longRows.length; i++) {
    const text = column.longTexts[i]!;
    if (typeof text !== "string") bindings.vector_assign_string_element_len(vector, column.longRows[i]!, text);
    else if (text.includes("\0"))
      bindings.vector_assign_string_element_len(vector, column.longRows[i]!, Buffer.from(text, "utf8"));
    else bindings.vector_assign_string_element(vector, column.longRows[i]!, text);
  }
}

/** A column that another thread has filled. */
export function writePacked(
  chunk: bindings.DataChunk,
  index: number,
  width: number,
  { rows, buffer, columns }: PackedChunk,
): void {
  const vector = bindings.data_chunk_get_vector(chunk, index);
  const column = columns[index]!;
  bindings.copy_data_to_vector(vector, 0, buffer, column.data, rows * width);
  if (column.validity >= 0) writeValidity(vector, buffer, rows, column.validity);
  const longRows = new Uint32Array(buffer, column.longRows, column.longTexts);
  const longEnds = new Uint32Array(buffer, column.longEnds, column.longTexts);
  let from = column.longBytes;
  for (let i = 0; i < longRows.length; i++) {
    const until = column.longBytes + longEnds[i]!;
    bindings.vector_assign_string_element_len(vector, longRows[i]!, new Uint8Array(buffer, from, until - from));
    from = until;
  }
}

function writeValidity(vector: bindings.Vector, validity: ArrayBuffer, rows: number, from = 0): void {
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, validity, from, Math.ceil(rows / 64) * 8);
}

/** Copies columns into the vectors of a DuckDB data chunk. */
import { at } from "../../engine/lookup.ts";
import bindings from "@duckdb/node-bindings";
import type { ColumnBuffer } from "./column-buffer.ts";
import type { PackedChunk } from "./packed-chunk.ts";

/** Copies the first rows of a column into the chunk's vector. */
export function writeVector(chunk: bindings.DataChunk, index: number, rows: number, column: ColumnBuffer): void {
  const vector = bindings.data_chunk_get_vector(chunk, index);
  bindings.copy_data_to_vector(vector, 0, column.bytes.buffer, 0, rows * column.width);
  if (column.hasNulls) writeValidity(vector, column.validity.buffer, rows);
  for (const [i, text] of column.longTexts.entries()) {
    const row = at(column.longRows, i);
    if (typeof text !== "string") bindings.vector_assign_string_element_len(vector, row, text);
    // the plain call ends a text at its first NUL
    else if (text.includes("\0")) bindings.vector_assign_string_element_len(vector, row, Buffer.from(text, "utf8"));
    else bindings.vector_assign_string_element(vector, row, text);
  }
}

/** Copies a column that another thread filled. */
export function writePacked(
  chunk: bindings.DataChunk,
  index: number,
  width: number,
  { rows, buffer, columns }: PackedChunk,
): void {
  const vector = bindings.data_chunk_get_vector(chunk, index);
  const column = at(columns, index);
  bindings.copy_data_to_vector(vector, 0, buffer, column.data, rows * width);
  if (column.validity >= 0) writeValidity(vector, buffer, rows, column.validity);
  const longRows = new Uint32Array(buffer, column.longRows, column.longTexts);
  const longEnds = new Uint32Array(buffer, column.longEnds, column.longTexts);
  let from = column.longBytes;
  for (const [i, row] of longRows.entries()) {
    const until = column.longBytes + at(longEnds, i);
    bindings.vector_assign_string_element_len(vector, row, new Uint8Array(buffer, from, until - from));
    from = until;
  }
}

function writeValidity(vector: bindings.Vector, validity: ArrayBuffer, rows: number, from = 0): void {
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, validity, from, Math.ceil(rows / 64) * 8);
}

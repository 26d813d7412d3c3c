/**
 * Large tables in a load's working copy, cut by the months of a date column into files of their own and united by a
 * view
 * of the table's name. Readers need not know; writers change only the files whose rows change.
 */
import type { Writer } from "./open.ts";
import { changeRows, type RowChange } from "./segment-change.ts";
import { openSegmentFiles, type Held, type SegmentsOptions } from "./segment-files.ts";
import { replaceTable, settleTable, type TableSegments } from "./segment-replace.ts";
import type { SegmentRange, VersionTable } from "./version.ts";

export interface SegmentFile {
  readonly path: string;
  readonly role: string;
  readonly segment: SegmentRange;
  /** whether this load wrote it */
  readonly written: boolean;
  /** the tables of a file that it did not write */
  readonly tables?: readonly VersionTable[];
}

export type SegmentedTables = Awaited<ReturnType<typeof openSegments>>;

/** How a load writes its tables, plain and segmented. One caller at a time. */
export async function openSegments(writer: Writer, options: SegmentsOptions) {
  const files = await openSegmentFiles(writer, options);
  return {
    change: (table: string, change: RowChange) => changeRows(files, table, change),
    replace: (table: string, spec: TableSegments | undefined, select: string, order?: string) =>
      replaceTable(files, table, spec, select, order),
    settle: (table: string, spec: TableSegments | undefined) => settleTable(files, table, spec),

    /** `ADD COLUMN …`, `ALTER COLUMN …`, in every segment: all are rewritten. */
    alter: async (table: string, what: string): Promise<void> => {
      const held = files.heldOf(table);
      if (held.length === 0) return void (await files.connection.run(`ALTER TABLE ${files.target(table)} ${what}`));
      const next: Held[] = [];
      for (const each of held) {
        next.push(await files.writable(each));
        await files.connection.run(`ALTER TABLE ${files.inSegment(each)} ${what}`);
      }
      files.hold(table, next);
      await files.unite(table);
    },

    /** whether a table is cut */
    isCut: (table: string): boolean => files.heldOf(table).length > 0,
    /** all segments as they will be published; the writer still has to be closed */
    files: (): readonly SegmentFile[] =>
      files.all().map(({ table, by, from, until, role, path, written, tables }) => ({
        path,
        role,
        segment: { table, by, from, until },
        written,
        ...(!written && tables && { tables }),
      })),
    /** to be called before the writer is closed */
    finish: files.dropViews,
  };
}

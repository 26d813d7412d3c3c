/**
 * Large tables within a load's working copy: cut by the months of a date column into files of their own, united by a
 * view of the
 * table's name. What reads the table needs not know; what writes it changes only the files whose rows are others.
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
  /** by this load */
  readonly written: boolean;
  /** of one that it did not write */
  readonly tables?: readonly VersionTable[];
}

export type SegmentedTables = Awaited<ReturnType<typeof openSegments>>;

/** What a load writes its tables by, plain ones and segmented ones. One caller at a time. */
export async function openSegments(writer: Writer, options: SegmentsOptions) {
  const files = await openSegmentFiles(writer, options);
  return {
    change: (table: string, change: RowChange) => changeRows(files, table, change),
    replace: (table: string, spec: TableSegments | undefined, select: string, order?: string) =>
      replaceTable(files, table, spec, select, order),
    settle: (table: string, spec: TableSegments | undefined) => settleTable(files, table, spec),

    /** `ADD COLUMN …`, `ALTER COLUMN …`: in every segment, all of which are written then. */
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

    /** whether the table is cut */
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

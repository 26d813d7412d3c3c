/** All kinds of sources. A new kind adds its declaration in `declare/sources`, a folder here, and a line below. */
import type { Source } from "../declare/sources/source.ts";
import { custom } from "./custom/index.ts";
import { files } from "./files/index.ts";
import { mysql } from "./mysql/index.ts";
import { postgres } from "./postgres/index.ts";
import { rest } from "./rest/index.ts";
import { sqlite } from "./sqlite/index.ts";
import type { SourceKind } from "./source-kind.ts";

const KINDS: { readonly [K in Source["kind"]]: SourceKind<K> } = { postgres, mysql, sqlite, files, rest, custom };

/** The kind of a source. The caller passes it only this source and the extracts of its jobs. */
export const kindOf = (source: Source): SourceKind => KINDS[source.kind] as SourceKind;

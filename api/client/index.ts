/** A client of the HTTP API, for Node and for browsers: `import … from "tessera/client"`. */
export { TesseraError, type ErrorCode, type Problem } from "../../engine/errors/index.ts";
export { connect, type AskOptions, type Client, type ConnectOptions, type MemberSearch } from "./connect.ts";

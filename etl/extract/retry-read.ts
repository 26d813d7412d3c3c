import { TesseraError } from "../../engine/errors/index.ts";

const RETRIES = 2;
const FIRST_PAUSE = 500;

/** Repeats a read whose server went away, up to twice; a failed read leaves nothing behind. */
export async function retryRead<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const isAway = error instanceof TesseraError && error.code === "source-unavailable";
      if (!isAway || attempt >= RETRIES || signal.aborted) throw error;
      await new Promise((done) => setTimeout(done, FIRST_PAUSE * 2 ** attempt));
    }
  }
}

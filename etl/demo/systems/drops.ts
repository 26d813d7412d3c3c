import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isoDay } from "../world/calendar.ts";
import type { World } from "../world/simulate.ts";

/** A drop a day, or a month where the world is small. Rows must come by time. */
export class Drops {
  private lines: string[] = [];
  private name = "";

  constructor(
    private readonly folder: string,
    private readonly ending: string,
    private readonly monthly: boolean,
    private readonly header = "",
  ) {
    mkdirSync(folder, { recursive: true });
  }
  at(day: number): string[] {
    const name = this.monthly ? isoDay(day).slice(0, 7) : isoDay(day);
    if (name !== this.name) {
      this.close();
      this.name = name;
      if (this.header !== "") this.lines.push(this.header);
    }
    return this.lines;
  }
  close(): void {
    if (this.lines.length > 0)
      writeFileSync(join(this.folder, `${this.name}${this.ending}`), `${this.lines.join("\n")}\n`);
    this.lines = [];
  }
}

/** Files at the full size are a day each; a small world would make thousands of nearly empty ones. */
export const small = (world: World): boolean => world.scale < 0.25;

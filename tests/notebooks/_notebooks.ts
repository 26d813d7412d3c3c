/** Notebooks of a small demo company, run by their command. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseHTML } from "linkedom";
import { expect } from "vitest";
import { openProject, type OpenProject } from "../../index.ts";
import { mineInProcess } from "../../mining.ts";
import { startSession, type Session } from "../api/cli/_cli.ts";
import { demoFolder, loadedDemo } from "../etl/demo/_demo.ts";

/** A page that a notebook wrote. */
export interface Made {
  readonly html: string;
  readonly document: Document;
}

export interface Notebooks {
  readonly project: OpenProject;
  /** where the pages are written */
  readonly folder: string;
  readonly tessera: Session["tessera"];
  /** a notebook's page, made once */
  readonly page: (name: string) => Promise<Made>;
  readonly close: () => Promise<void>;
}

/** @param models those that the notebooks report on */
export async function openNotebooks(models: readonly string[] = []): Promise<Notebooks> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-notebooks-"));
  const demo = await loadedDemo();
  if (models.length > 0) await mineInProcess({ spec: demo.spec, folder: demoFolder, models });
  const project = (await openProject(demo.spec, { folder: demoFolder })) as unknown as OpenProject;
  const session = await startSession();

  const run = async (name: string): Promise<Made> => {
    const out = join(folder, `${name}.html`);
    const answer = await session.tessera(["notebook", name, "--out", out], {
      cwd: folder,
      env: { TESSERA_HOME: dirname(demo.home) },
    });
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.stdout).toBe(`${out}\n`);
    const html = readFileSync(out, "utf8");
    return { html, document: parseHTML(html).document as unknown as Document };
  };
  const pages = new Map<string, Promise<Made>>();
  return {
    project,
    folder,
    tessera: session.tessera,
    page: (name) => {
      const made = pages.get(name) ?? run(name);
      pages.set(name, made);
      return made;
    },
    close: async () => {
      session.end();
      await project.close();
      demo.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const words = (document: Document): string =>
  (document.querySelector("main")?.textContent ?? "").replaceAll(/\s+/g, " ");

/** Nothing on the page is fetched from anywhere, and no number is missing. */
export function expectSound({ html, document }: { readonly html: string; readonly document: Document }): void {
  expect(html).not.toMatch(/<(?:script|link|img|iframe)\b|url\(|@import/i);
  expect([...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual([]);
  expect(words(document)).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
  for (const svg of document.querySelectorAll("svg[role=img]")) {
    expect(svg.getAttribute("aria-label")).toMatch(/\w+ \w+/);
    expect(svg.outerHTML).not.toMatch(/NaN/);
  }
}

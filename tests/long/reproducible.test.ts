import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mineInProcess } from "../../etl/mine/mine-in-process.ts";
import { modelReport } from "../../etl/project/reports.ts";
import { openProject } from "../../etl/project/open-project.ts";
import { openCompany, type Company } from "../engine/mining/_company.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
}, 180_000);
afterAll(() => company.close());

test("the same data, parameters and seed give the same bytes of labels and report: here, in one process of its own, and in two at once with other threads and memory", async () => {
  const mined = async (run: (folder: string) => Promise<unknown>): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), "tessera-twin-"));
    try {
      cpSync(company.folder, folder, { recursive: true });
      await run(folder);
      const project = await openProject(folder);
      try {
        const told: unknown[] = [];
        for (const model of project.spec.models ?? []) {
          const { dataVersion: _, stale: __, ...report } = await modelReport(project, model.name);
          told.push(report, (await project.sql(`SELECT * FROM labels_${model.name} ORDER BY ALL`)).rows);
        }
        return JSON.stringify(told);
      } finally {
        await project.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const child = async (folder: string): Promise<void> => {
    const project = await openProject(folder);
    try {
      await project.mine();
    } finally {
      await project.close();
    }
  };
  const here = await mined((folder) =>
    mineInProcess({
      spec: { ...company.project.spec, warehouse: { path: "./warehouse", memoryLimit: "512MB" } },
      folder,
    }),
  );
  expect((await mined(child)) === here).toBe(true);
  process.env["UV_THREADPOOL_SIZE"] = "4";
  const both = await Promise.all([mined(child), mined(child)]);
  process.env["UV_THREADPOOL_SIZE"] = "16";
  expect(both.map((text) => text === here)).toEqual([true, true]);
}, 240_000);

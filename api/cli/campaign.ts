/** `tessera campaign`. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { CampaignPlan } from "../../engine/mining/index.ts";
import { listCampaigns, withState } from "../../etl/index.ts";
import { openProject, type OpenProject } from "../../etl/project/open-project.ts";
import { formatNumber } from "../charts/format-value.ts";
import { campaignList, drawKept, keepCampaign } from "../services/campaigns.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

const whole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text))
    throw new TesseraError("usage", phrase`"${text.slice(0, 40)}" is no campaign's number`, {
      remedy: "`tessera campaign list` tells them",
    });
  return Number(text);
};

export function register(program: Command, context: CommandContext): void {
  const campaign = program
    .command("campaign")
    .description("plans campaigns, draws them once with a random hold-out, writes their lists");
  const opened = async (work: (project: OpenProject) => Promise<void> | void): Promise<void> => {
    const project = await openProject(context.folder);
    try {
      await work(project);
    } finally {
      await project.close();
    }
  };
  campaign
    .command("list")
    .description("campaigns planned here, the newest first")
    .option("--json", "print them as JSON")
    .action((flags: { readonly json?: boolean }) =>
      opened((project) => {
        const all = withState(project.warehouse, listCampaigns);
        if (flags.json) return void process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
        process.stdout.write(
          all.length === 0
            ? "no campaign was planned here yet\n"
            : textTable(
                ["id", "campaign", "state", "drawn on", "contacted", "held out"],
                all.map((c) => [
                  String(c.id),
                  c.name,
                  c.status,
                  c.drawnOn ?? "–",
                  c.summary ? String(c.summary.treated) : "–",
                  c.summary ? String(c.summary.heldOut) : "–",
                ]),
              ),
        );
      }),
    );
  campaign
    .command("plan")
    .description("tries a plan, and keeps it under a name")
    .argument("<file>", "the plan as JSON")
    .option("--name <name>", "keep it under this name; without it the plan is only tried")
    .action((file: string, flags: { readonly name?: string }) =>
      opened(async (project) => {
        let plan: CampaignPlan;
        try {
          plan = JSON.parse(readFileSync(fromHere(file), "utf8")) as CampaignPlan;
        } catch (error) {
          throw new TesseraError("usage", phrase`${file} cannot be read as JSON: ${(error as Error).message}`, {
            remedy: "GET /openapi.json tells a CampaignPlan's shape",
          });
        }
        const { summary } = await project.drawCampaign(plan);
        process.stdout.write(
          textTable(
            ["channel", "offer", "may be contacted", "contacted", "held out", "cost", "expected profit"],
            summary.options.map((o) => [
              o.channel,
              o.offer ?? "",
              String(o.eligible),
              String(o.treated),
              String(o.heldOut),
              o.cost.toFixed(2),
              o.expected.toFixed(2),
            ]),
          ),
        );
        if (summary.scarce.length > 0)
          process.stdout.write(
            `\n${textTable(
              ["limit", "used", "of", "one more brings"],
              summary.scarce.map((s) => [
                s.what === "channel" ? s.name : `${s.what}${s.what === "floor" ? ` ${s.name}` : ""}`,
                s.used.toFixed(s.what === "budget" ? 2 : 0),
                String(s.limit),
                s.price.toFixed(2),
              ]),
            )}`,
          );
        process.stdout.write(
          `\n${summary.treated} contacted, ${summary.heldOut} held out; no other plan is better by more than ${formatNumber(summary.gap, { format: "percent" })}\n`,
        );
        if (flags.name !== undefined)
          process.stdout.write(`kept as campaign ${keepCampaign(project, flags.name, plan, "owner", new Date()).id}\n`);
      }),
    );
  campaign
    .command("draw")
    .description("draws a kept campaign, once and for all; the next load makes facts of it")
    .argument("<id>", "its number")
    .action((id: string) =>
      opened(async (project) => {
        const { name, summary, drawnOn } = await drawKept(project, whole(id), "owner", new Date());
        process.stdout.write(
          `${name} is drawn as of ${drawnOn}: ${summary!.treated} to contact, ${summary!.heldOut} held out\n`,
        );
      }),
    );
  campaign
    .command("export")
    .description("writes whom to contact as CSV")
    .argument("<id>", "its number")
    .option("--channel <channel>", "of this channel alone")
    .option("--held-out", "those who are not to be contacted")
    .option("--out <file>", "the file; by default it is printed")
    .action((id: string, flags: { readonly channel?: string; readonly heldOut?: boolean; readonly out?: string }) =>
      opened(async (project) => {
        const found = await campaignList(project, whole(id), {
          heldOut: flags.heldOut ?? false,
          ...(flags.channel !== undefined && { channel: flags.channel }),
        });
        if (flags.out === undefined) return void process.stdout.write(found.text);
        writeFileSync(fromHere(flags.out), found.text);
        process.stdout.write(`${found.rows} rows in ${fromHere(flags.out)}\n`);
      }),
    );
}

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
    throw new TesseraError("usage", phrase`"${text.slice(0, 40)}" is not a campaign number`, {
      remedy: { action: "list-campaigns" },
    });
  return Number(text);
};

export function register(program: Command, context: CommandContext): void {
  const campaign = program
    .command("campaign")
    .description("plan campaigns, draw their control groups once, write their lists");
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
    .description("list saved campaigns, newest first")
    .option("--json", "print JSON")
    .action((flags: { readonly json?: boolean }) =>
      opened((project) => {
        const all = withState(project.warehouse, listCampaigns);
        if (flags.json) return void process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
        process.stdout.write(
          all.length === 0
            ? "no campaigns yet\n"
            : textTable(
                ["id", "campaign", "state", "drawn on", "contacted", "control group"],
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
    .description("preview a plan, and save it with --name")
    .argument("<file>", "the plan as JSON")
    .option("--name <name>", "save the plan with this name; without it nothing is saved")
    .action((file: string, flags: { readonly name?: string }) =>
      opened(async (project) => {
        let plan: CampaignPlan;
        try {
          plan = JSON.parse(readFileSync(fromHere(file), "utf8")) as CampaignPlan;
        } catch (error) {
          throw new TesseraError("usage", phrase`cannot read ${file} as JSON`, {
            remedy: "see CampaignPlan in /openapi.json for its shape",
            cause: error,
          });
        }
        const { summary } = await project.drawCampaign(plan);
        process.stdout.write(
          textTable(
            ["channel", "offer", "can be contacted", "contacted", "control group", "cost", "expected profit"],
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
              ["limit", "used", "of", "one more unit brings"],
              summary.scarce.map((s) => [
                s.what === "channel" ? s.name : `${s.what}${s.what === "floor" ? ` ${s.name}` : ""}`,
                s.used.toFixed(s.what === "budget" ? 2 : 0),
                String(s.limit),
                s.price.toFixed(2),
              ]),
            )}`,
          );
        process.stdout.write(
          `\n${summary.treated} contacted, ${summary.heldOut} in the control group; ` +
            `optimality gap ${formatNumber(summary.gap, { format: "percent" })}\n`,
        );
        if (flags.name !== undefined)
          process.stdout.write(
            `saved as campaign ${keepCampaign(project, flags.name, plan, "owner", new Date()).id}\n`,
          );
      }),
    );
  campaign
    .command("draw")
    .description("draw the control group of a saved campaign; the draw cannot be repeated")
    .argument("<id>", "the campaign's number")
    .action((id: string) =>
      opened(async (project) => {
        const { name, summary, drawnOn } = await drawKept(project, whole(id), "owner", new Date());
        process.stdout.write(
          `drew ${name} as of ${drawnOn}: ${summary?.treated ?? 0} to contact, ${summary?.heldOut ?? 0} ` +
            `in the control group\n`,
        );
      }),
    );
  campaign
    .command("export")
    .description("write the members to contact as CSV")
    .argument("<id>", "the campaign's number")
    .option("--channel <channel>", "only this channel")
    .option("--held-out", "the control group, which is not contacted")
    .option("--out <file>", "the file; default standard output")
    .action((id: string, flags: { readonly channel?: string; readonly heldOut?: boolean; readonly out?: string }) =>
      opened(async (project) => {
        const found = await campaignList(project, whole(id), {
          heldOut: flags.heldOut ?? false,
          ...(flags.channel !== undefined && { channel: flags.channel }),
        });
        if (flags.out === undefined) return void process.stdout.write(found.text);
        writeFileSync(fromHere(flags.out), found.text);
        process.stdout.write(`wrote ${found.rows} rows to ${fromHere(flags.out)}\n`);
      }),
    );
}

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/campaigns/plan`: a campaign is put together, tried as often as one likes, and kept; drawing it is another step. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { OPTION_ROWS, planOf } from "./plan-form.ts";
import { PlanSummary } from "./plan-summary.tsx";

/** The dimension that campaigns are about: that of the first segment, else of the first role named customer. */
export const overOf = ({ project }: Services): string => project.spec.segments?.[0]?.over ?? "customer";

const NUMERIC = new Set(["number", "integer"]);

interface Choice {
  readonly value: string;
  readonly title: string;
}

export const planPage = async (
  fields: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const over = overOf(services);
  const { catalog } = reader;
  const attributes: readonly AttributeView[] = catalog.roles.find((r) => r.name === over)?.attributes ?? [];
  const channelRole = catalog.roles.find((r) => r.name === "channel" && r.kind === "dimension");
  const label = channelRole?.attributes.find((a) => a.isLabel)?.member;
  const [frame, channels] = await Promise.all([
    frameOf(services, "Plan a campaign", "/campaigns", reader.manifest),
    label
      ? reader.run((o) => services.project.members(label, { limit: 100 }, o)).then((m) => m.values.map(String))
      : ([] as string[]),
  ]);
  const numbers = attributes.filter((a) => NUMERIC.has(a.type)),
    yes = attributes.filter((a) => a.type === "boolean"),
    words = attributes.filter(
      (a) => a.type === "string" && !a.isKey && !a.isLabel && !/name|mail|phone|number|postcode|city/.test(a.name),
    );
  const contactMeasure =
    catalog.cubes.flatMap((c) => c.measures).find((m) => /\.sends$|\.contacts$|\.touches$/.test(m.member))?.member ??
    "";
  const asked = fields.has("effect");
  let summary: CampaignSummary | null = null,
    problem: TesseraError | null = null;
  if (asked) {
    try {
      const plan = planOf(fields, over);
      summary = await reader.remember(
        ["campaign plan", plan],
        async (o) => (await services.project.drawCampaign(plan, o)).summary,
      );
    } catch (error) {
      if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
      problem = error;
    }
  }
  const usual: { readonly [name: string]: string } = asked
    ? {}
    : {
        effect: attributes.find((a) => a.name === "uplift")?.member ?? "0.02",
        worth:
          attributes.find((a) => a.name === "annual_value")?.member ??
          attributes.find((a) => a.name.includes("value") && NUMERIC.has(a.type))?.member ??
          "50",
        never: yes.find((a) => a.name.includes("do_not"))?.member ?? "",
        holdout: "10",
        window: "30",
        seed: "1",
        days: "30",
        most: contactMeasure ? "4" : "",
        measure: contactMeasure,
        c0: channels.find((c) => c === "E-mail") ?? channels[0] ?? "",
        p0: "0.05",
        e0: yes.find((a) => a.name.startsWith("email"))?.member ?? "",
        c1: channels.find((c) => c === "Phone") ?? "",
        p1: channels.includes("Phone") ? "3.50" : "",
        t1: channels.includes("Phone") ? "2" : "",
        k1: channels.includes("Phone") ? "300" : "",
        e1: channels.includes("Phone") ? (yes.find((a) => a.name.startsWith("phone"))?.member ?? "") : "",
      };
  const value = (name: string): string => fields.get(name) ?? usual[name] ?? "";
  const Field = ({
    name,
    title,
    note,
    size = 8,
  }: {
    readonly name: string;
    readonly title: string;
    readonly note?: string;
    readonly size?: number;
  }) => (
    <label class="field">
      <span>{title}</span>
      <input type="text" class="text" name={name} value={value(name)} size={size} autocomplete="off" />
      {note ? <span class="faint small">{note}</span> : null}
    </label>
  );
  const Select = ({
    name,
    title,
    choices,
    empty,
    bare,
  }: {
    readonly name: string;
    readonly title: string;
    readonly choices: readonly Choice[];
    readonly empty: string;
    readonly bare?: boolean;
  }) => {
    const list = (
      <select name={name} aria-label={title}>
        <option value="">{empty}</option>
        {choices.map((c) => (
          <option value={c.value} {...(c.value === value(name) ? { selected: true } : {})}>
            {c.title}
          </option>
        ))}
      </select>
    );
    return bare ? (
      list
    ) : (
      <label class="field">
        <span>{title}</span>
        {list}
      </label>
    );
  };
  const choices = (of: readonly AttributeView[]): Choice[] => of.map((a) => ({ value: a.member, title: a.title }));
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Plan a campaign"
        description="Who is contacted, how, within what, and who is held out. Trying changes nothing."
      >
        <a class="button bare" href="/campaigns">
          All campaigns
        </a>
      </Head>
      {problem ? (
        <div class="notice bad">
          <PartFailed error={problem} />
        </div>
      ) : null}
      <form method="get" action="/campaigns/plan" class="campaign-plan">
        <div class="grid">
          <article class="card third">
            <header>
              <h2>Whom</h2>
            </header>
            <div class="body fields">
              <Select
                name="segment"
                title="Segment"
                empty="everybody"
                choices={(services.project.spec.segments ?? [])
                  .filter((s) => s.over === over)
                  .map((s) => ({ value: s.name, title: s.title ?? s.name }))}
              />
              <Select name="never" title="Never contacted" empty="nobody" choices={choices(yes)} />
              <input type="hidden" name="measure" value={value("measure")} />
              {value("measure") ? (
                <>
                  <Field name="most" title="At most, contacts" />
                  <Field name="days" title="in days" />
                </>
              ) : null}
            </div>
          </article>
          <article class="card third">
            <header>
              <h2>What a contact is worth</h2>
            </header>
            <div class="body fields">
              <label class="field">
                <span>Chance that it changes something</span>
                <input
                  type="text"
                  class="text"
                  name="effect"
                  list="numbers"
                  value={value("effect")}
                  size={22}
                  autocomplete="off"
                />
              </label>
              <label class="field">
                <span>Worth of that</span>
                <input
                  type="text"
                  class="text"
                  name="worth"
                  list="numbers"
                  value={value("worth")}
                  size={22}
                  autocomplete="off"
                />
              </label>
              <datalist id="numbers">
                {numbers.map((a) => (
                  <option value={a.member}>{a.title}</option>
                ))}
              </datalist>
              <p class="faint small">An attribute or a number each. Effect × worth − cost decides.</p>
            </div>
          </article>
          <article class="card third">
            <header>
              <h2>Proof and window</h2>
            </header>
            <div class="body fields">
              <Field name="holdout" title="Held out, %" />
              <Select name="strata" title="Evenly over" empty="all alike" choices={choices(words)} />
              <Field name="window" title="Window, days" />
              <Field name="seed" title="Seed" />
            </div>
          </article>
          <article class="card wide">
            <header>
              <h2>Channels and offers</h2>
              <span class="faint small">one line an option; a channel's capacity counts all its offers</span>
            </header>
            <div class="table-wrap">
              <table class="data plan">
                <thead>
                  <tr>
                    <th>Channel</th>
                    <th>Offer</th>
                    <th>Cost a contact</th>
                    <th>Times the effect</th>
                    <th>Consent</th>
                    <th>Capacity</th>
                  </tr>
                </thead>
                <tbody>
                  {Array.from({ length: OPTION_ROWS }, (_, i) => (
                    <tr>
                      <td>
                        <Select
                          name={`c${i}`}
                          title={`Channel ${i + 1}`}
                          bare
                          empty="–"
                          choices={channels.map((c) => ({ value: c, title: c }))}
                        />
                      </td>
                      {(["o", "p", "t"] as const).map((f) => (
                        <td>
                          <input
                            type="text"
                            class={f === "o" ? "text" : "amount"}
                            name={`${f}${i}`}
                            value={value(`${f}${i}`)}
                            aria-label={`${{ o: "Offer", p: "Cost", t: "Times" }[f]} ${i + 1}`}
                            autocomplete="off"
                          />
                        </td>
                      ))}
                      <td>
                        <Select
                          name={`e${i}`}
                          title={`Consent ${i + 1}`}
                          bare
                          empty="not needed"
                          choices={choices(yes)}
                        />
                      </td>
                      <td>
                        <input
                          type="text"
                          class="amount"
                          name={`k${i}`}
                          value={value(`k${i}`)}
                          aria-label={`Capacity ${i + 1}`}
                          autocomplete="off"
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <div class="body fields across">
              <Field name="budget" title="Budget" size={10} />
              <Select name="floor" title="At least for" empty="no floor" choices={choices(words)} />
              <Field name="floorof" title="of them" size={14} />
              <Field name="floormin" title="contacts" />
              <button class="button primary" type="submit">
                Try the plan
              </button>
            </div>
          </article>
        </div>
      </form>
      {summary ? (
        <section class="model-section" id="plan">
          <div class="model-head">
            <h2>What it comes to</h2>
            <form method="post" action="/campaigns/plans" class="fields across">
              {[...fields]
                .filter(([name]) => name !== "name")
                .map(([name, v]) => (
                  <input type="hidden" name={name} value={v} />
                ))}
              <label class="field">
                <span>Name</span>
                <input type="text" class="text" name="name" required maxlength={120} autocomplete="off" />
              </label>
              <button class="button primary" type="submit">
                Keep the plan
              </button>
            </form>
          </div>
          <PlanSummary summary={summary} catalog={catalog} />
        </section>
      ) : null}
    </Layout>,
  );
};

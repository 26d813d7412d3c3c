/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What is asked: measures, dimensions, filters, period and comparison, each a chip that can be taken off, each shelf with a picker. */
import type { Child } from "hono/jsx";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatMember } from "../../charts/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Caret, Picker } from "../parts/picker.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { stateHref, stateParameters, type Condition, type ExploreState } from "./state.ts";
import { membersIn, stateDate } from "./state-query.ts";

const WORDS: { readonly [operator: string]: string } = {
  equals: "is",
  not_equals: "is not",
  in: "is",
  not_in: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "begins with",
  ends_with: "ends with",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
  between: "between",
  is_null: "is unknown",
  not_null: "is known",
  in_range: "in",
  before: "before",
  after: "after",
  descends_from: "is below",
};
export const operatorWords = (operator: string): string => WORDS[operator] ?? operator;

const titleOf = (member: string, catalog: CatalogView): string => {
  const { attributes, measures } = membersIn(catalog);
  return measures.get(member)?.title ?? attributes.get(member)?.title ?? member;
};

/** `Order date · Month` where the attribute's own title does not tell whose it is. */
export const dimensionTitle = (member: string, catalog: CatalogView): string => {
  const attribute = membersIn(catalog).attributes.get(member);
  const role = catalog.roles.find((r) => r.name === member.split(".")[0]);
  if (!attribute) return member;
  return role && attribute.title.toLowerCase() !== role.title.toLowerCase()
    ? `${role.title} · ${attribute.title}`
    : attribute.title;
};

export const conditionWords = (condition: Condition, catalog: CatalogView): string => {
  const attribute = membersIn(catalog).attributes.get(condition.member);
  const column = {
    type: attribute?.type ?? ("string" as const),
    name: condition.member,
    ...(attribute?.level && { level: attribute.level }),
  };
  const values = condition.values.map((v) => formatMember(v, column));
  return values.length > 3 ? `${values.slice(0, 2).join(", ")} +${values.length - 2}` : values.join(", ");
};

const Chip = ({
  title,
  href,
  off,
  class: className = "",
  children,
}: {
  readonly title?: string | undefined;
  readonly href?: string;
  readonly off: string;
  readonly class?: string;
  readonly children?: Child;
}) => (
  <span class={`chip ${className}`} title={title}>
    {href ? (
      <a class="name" href={href}>
        {children}
      </a>
    ) : (
      <span>{children}</span>
    )}
    <a class="off" href={off} aria-label="Take off">
      <Icon name="close" />
    </a>
  </span>
);

export const Hidden = ({
  state,
  without = [],
}: {
  readonly state: ExploreState;
  readonly without?: readonly string[];
}) => (
  <>
    {stateParameters(state)
      .filter(([name]) => !without.includes(name))
      .map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
  </>
);

interface Choice {
  readonly member: string;
  readonly title: string;
  readonly what?: string | undefined;
  readonly unit?: string | undefined;
  readonly not?: string | undefined;
  readonly chosen: boolean;
}

/** One form whose buttons each add or take off a member: small, and it works without script. */
const Choices = ({
  state,
  name,
  groups,
  search,
}: {
  readonly state: ExploreState;
  readonly name: string;
  readonly groups: readonly { readonly title: string; readonly choices: readonly Choice[] }[];
  readonly search: string;
}) => (
  <form method="get" action="/explore">
    <Hidden state={state} />
    <input
      class="search"
      type="search"
      placeholder={search}
      aria-label={search}
      data-filter
      hidden
      autocomplete="off"
      spellcheck={false}
    />
    <div class="scroll" data-options>
      {groups.map((group) => (
        <div data-group>
          <h4>{group.title}</h4>
          {group.choices.map((c) => (
            <button
              type="submit"
              class={`option${c.chosen ? " on" : ""}`}
              name={name}
              value={c.member}
              data-option
              {...(c.not ? { disabled: true, title: c.not } : {})}
            >
              <span>
                {c.title}
                {c.what ? <span class="what">{c.what}</span> : null}
              </span>
              {c.chosen ? <span class="unit">chosen</span> : c.unit ? <span class="unit">{c.unit}</span> : null}
            </button>
          ))}
        </div>
      ))}
      <p class="nothing" data-nothing hidden>
        Nothing matches.
      </p>
    </div>
  </form>
);

const measureGroups = (state: ExploreState, catalog: CatalogView) =>
  catalog.cubes.map((cube) => {
    const missing = [...state.by, ...(state.across ? [state.across] : [])].filter((d) => {
      const owner = d.split(".")[0]!;
      return owner !== cube.name && !cube.roles.includes(owner);
    });
    const not =
      missing.length > 0
        ? `${cube.title} has no ${missing.map((m) => dimensionTitle(m, catalog)).join(", ")}`
        : undefined;
    return {
      title: cube.title,
      choices: cube.measures.map((m) => ({
        member: m.member,
        title: m.title,
        what: m.description,
        unit: m.format === "number" ? undefined : m.format,
        not: state.measures.includes(m.member) ? undefined : not,
        chosen: state.measures.includes(m.member),
      })),
    };
  });

const dimensionGroups = (state: ExploreState, catalog: CatalogView, chosen: readonly string[]) => {
  const cubes = [...new Set(state.measures.map((m) => m.split(".")[0]!))].flatMap((name) => {
    const cube = catalog.cubes.find((c) => c.name === name);
    return cube ? [cube] : [];
  });
  const lacking = (owner: string): string | undefined => {
    const without = cubes.filter((c) => c.name !== owner && !c.roles.includes(owner));
    return without.length > 0
      ? `${without.map((c) => c.title).join(", ")} ${without.length > 1 ? "have" : "has"} no such dimension`
      : undefined;
  };
  const owners = [
    ...catalog.roles.map((r) => ({ ...r, group: r.title })),
    ...catalog.cubes
      .filter((c) => cubes.length === 0 || cubes.includes(c))
      .map((c) => ({ ...c, group: `${c.title}, own` })),
  ];
  return owners
    .filter(
      (o) =>
        o.attributes.length > 0 &&
        (cubes.length === 0 || lacking(o.name) === undefined || o.attributes.some((a) => chosen.includes(a.member))),
    )
    .map((o) => ({
      title: o.group,
      choices: o.attributes.map((a) => ({
        member: a.member,
        title: a.title,
        what: a.description,
        unit: a.model ? "mined" : a.level ? "period" : a.type === "string" ? undefined : a.type,
        not: undefined,
        chosen: chosen.includes(a.member),
      })),
    }));
};

export interface ShelvesProps {
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  readonly years: readonly number[];
  readonly range: readonly [string, string] | null | undefined;
}

export const Shelves = ({ state, catalog, years, range }: ShelvesProps) => {
  const go = (change: Partial<ExploreState>): string => stateHref({ ...state, ...change });
  const { measures } = membersIn(catalog);
  const compare =
    state.compare === "previous_period"
      ? "Previous period"
      : state.compare === "previous_year"
        ? "Previous year"
        : "No comparison";
  const dated = stateDate(state, catalog) !== undefined;
  return (
    <section class="card shelves" aria-label="What is asked">
      <div class="shelf">
        <h3>Measures</h3>
        <div class="chips">
          {state.measures.map((m) => (
            <Chip
              class="measure"
              title={measures.get(m)?.description ?? m}
              off={go({ measures: state.measures.filter((x) => x !== m) })}
            >
              {titleOf(m, catalog)}
            </Chip>
          ))}
          {state.calculations.map((c) => (
            <Chip
              class="measure"
              title={c.formula}
              off={go({ calculations: state.calculations.filter((x) => x !== c) })}
            >
              {c.name.replaceAll("_", " ")} <span class="op">= {c.formula}</span>
            </Chip>
          ))}
          <Picker
            name="Add a measure"
            button="button small bare"
            label={
              <>
                <Icon name="plus" />
                Measure
              </>
            }
          >
            <Choices state={state} name="add-measure" groups={measureGroups(state, catalog)} search="Search measures" />
          </Picker>
          <Picker
            name="Add a calculation"
            button="button small bare"
            label={
              <>
                <Icon name="plus" />
                Calculation
              </>
            }
          >
            <form method="get" action="/explore" class="calculation">
              <Hidden state={state} />
              <label>
                Name
                <input type="text" name="calculation-name" placeholder="cases_per_order" />
              </label>
              <label>
                Formula
                <input type="text" name="calculation-formula" placeholder="service.cases / sales.orders" required />
              </label>
              <p class="faint small">
                Members with + − * / ( ), comparisons, case when … and coalesce, round, least, greatest.
              </p>
              <div class="apply">
                <button class="button small primary" type="submit">
                  Add
                </button>
              </div>
            </form>
          </Picker>
        </div>
      </div>
      <div class="shelf">
        <h3>By</h3>
        <div class="chips">
          {state.by.map((d) => (
            <span class="chip">
              <span>{dimensionTitle(d, catalog)}</span>
              <a
                class="off"
                href={go({
                  by: state.by.filter((x) => x !== d),
                  across: state.across === null ? d : state.across,
                  ...(state.across !== null && { by: state.by.map((x) => (x === d ? state.across! : x)), across: d }),
                })}
                title="Lay out across"
                aria-label={`Lay ${dimensionTitle(d, catalog)} out across`}
              >
                ⇄
              </a>
              <a class="off" href={go({ by: state.by.filter((x) => x !== d) })} aria-label="Take off">
                <Icon name="close" />
              </a>
            </span>
          ))}
          <Picker
            name="Add a dimension"
            button="button small bare"
            label={
              <>
                <Icon name="plus" />
                Dimension
              </>
            }
          >
            <Choices
              state={state}
              name="add-by"
              groups={dimensionGroups(state, catalog, state.by)}
              search="Search dimensions"
            />
          </Picker>
          {state.across ? (
            <span class="chip">
              <span>
                <span class="op">across </span>
                {dimensionTitle(state.across, catalog)}
              </span>
              <a
                class="off"
                href={go({ across: null, by: [...state.by, state.across] })}
                title="Down the side"
                aria-label="Move down the side"
              >
                ⇅
              </a>
              <a class="off" href={go({ across: null })} aria-label="Take off">
                <Icon name="close" />
              </a>
            </span>
          ) : null}
        </div>
      </div>
      <div class="shelf">
        <h3>Filters</h3>
        <div class="chips">
          {state.where.map((c) => (
            <Chip
              href={`${go({})}&pick=${encodeURIComponent(c.member)}#pick`}
              off={go({ where: state.where.filter((x) => x !== c) })}
            >
              {titleOf(c.member, catalog)} <span class="op">{operatorWords(c.operator)}</span>{" "}
              <b>{conditionWords(c, catalog)}</b>
            </Chip>
          ))}
          {state.segments.map((s) => (
            <Chip off={go({ segments: state.segments.filter((x) => x !== s) })}>
              <span class="op">segment </span>
              <b>{catalog.segments.find((x) => x.name === s)?.title ?? s}</b>
            </Chip>
          ))}
          {state.filters.map((f) => (
            <Chip title={JSON.stringify(f)} off={go({ filters: state.filters.filter((x) => x !== f) })}>
              <code>{JSON.stringify(f).slice(0, 60)}</code>
            </Chip>
          ))}
          <Picker
            name="Add a filter"
            button="button small bare"
            label={
              <>
                <Icon name="plus" />
                Filter
              </>
            }
          >
            <Choices
              state={state}
              name="pick"
              search="Search what to filter by"
              groups={[
                ...dimensionGroups(state, catalog, []),
                ...(state.measures.length > 0
                  ? [
                      {
                        title: "The measures shown",
                        choices: state.measures.map((m) => ({ member: m, title: titleOf(m, catalog), chosen: false })),
                      },
                    ]
                  : []),
              ]}
            />
          </Picker>
          {catalog.segments.length > 0 ? (
            <Picker
              name="Add a segment"
              button="button small bare"
              label={
                <>
                  <Icon name="plus" />
                  Segment
                </>
              }
            >
              <div class="scroll">
                {catalog.segments.map((s) => (
                  <a
                    class={`option${state.segments.includes(s.name) ? " on" : ""}`}
                    href={go({
                      segments: state.segments.includes(s.name)
                        ? state.segments.filter((x) => x !== s.name)
                        : [...state.segments, s.name],
                    })}
                  >
                    <span>
                      {s.title}
                      <span class="what">{s.description}</span>
                    </span>
                  </a>
                ))}
              </div>
            </Picker>
          ) : null}
          <span class="grow" />
          {dated ? (
            <>
              <PeriodPicker
                period={state.period}
                range={range}
                years={years}
                withAll
                action="/explore"
                href={(period) => go({ period })}
                hidden={stateParameters(state).filter(([n]) => n !== "period")}
              />
              <Picker
                name="Compare"
                class="right"
                label={
                  <>
                    <span>{compare}</span>
                    <Caret />
                  </>
                }
              >
                {(
                  [
                    [null, "No comparison"],
                    ["previous_period", "Previous period"],
                    ["previous_year", "Previous year"],
                  ] as const
                ).map(([value, title]) => (
                  <a
                    class="option"
                    href={go({ compare: value })}
                    {...(state.compare === value ? { "aria-current": "true" } : {})}
                  >
                    <span>{title}</span>
                  </a>
                ))}
              </Picker>
            </>
          ) : null}
        </div>
      </div>
    </section>
  );
};

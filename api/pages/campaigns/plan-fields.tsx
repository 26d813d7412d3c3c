/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The fields of a plan. */
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { SegmentSpec } from "../../../engine/model/declarations.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import type { PlanChoices } from "./plan-defaults.ts";
import { OPTION_ROWS } from "./plan-form.ts";

export interface PlanFieldsProps {
  readonly choices: PlanChoices;
  readonly segments: readonly SegmentSpec[];
  /** the value of a field */
  readonly value: (name: string) => string;
}

interface Choice {
  readonly value: string;
  readonly title: string;
}

interface InputProps extends Pick<PlanFieldsProps, "value"> {
  readonly name: string;
  readonly title: string;
  readonly size?: number;
  /** the id of a list of suggestions */
  readonly list?: string;
}

const Field = ({ name, title, value, size = 8, list }: InputProps) => (
  <label class="field">
    <span>{title}</span>
    <input
      type="text"
      class="text"
      name={name}
      value={value(name)}
      size={size}
      autocomplete="off"
      {...(list ? { list } : {})}
    />
  </label>
);

interface SelectProps extends Pick<PlanFieldsProps, "value"> {
  readonly name: string;
  readonly title: string;
  readonly choices: readonly Choice[];
  /** the text for no choice */
  readonly empty: string;
}

const BareSelect = ({ name, title, choices, empty, value }: SelectProps) => (
  <select name={name} aria-label={title}>
    <option value="">{empty}</option>
    {choices.map((choice) => (
      <option value={choice.value} {...(choice.value === value(name) ? { selected: true } : {})}>
        {choice.title}
      </option>
    ))}
  </select>
);

const Select = (props: SelectProps) => (
  <label class="field">
    <span>{props.title}</span>
    <BareSelect {...props} />
  </label>
);

const attributeChoices = (attributes: readonly AttributeView[]): Choice[] =>
  attributes.map(({ member, title }) => ({ value: member, title }));

const Audience = ({ choices, segments, value }: PlanFieldsProps) => {
  const words = useWords().campaigns.plan;
  const named = segments.map(({ name, title }) => ({ value: name, title: title ?? name }));
  return (
    <Card title={words.audience} size="third">
      <div class="body fields">
        <Select name="segment" title={words.segment} empty={words.everybody} choices={named} value={value} />
        <Select
          name="never"
          title={words.never}
          empty={words.nobody}
          choices={attributeChoices(choices.flags)}
          value={value}
        />
        <input type="hidden" name="measure" value={value("measure")} />
        {value("measure") ? (
          <>
            <Field name="most" title={words.mostContacts} value={value} />
            <Field name="days" title={words.inDays} value={value} />
          </>
        ) : null}
      </div>
    </Card>
  );
};

const Worth = ({ choices, value }: PlanFieldsProps) => {
  const words = useWords().campaigns.plan;
  return (
    <Card title={words.worth} size="third">
      <div class="body fields">
        <Field name="effect" title={words.effect} list="numbers" size={22} value={value} />
        <Field name="worth" title={words.valueOfEffect} list="numbers" size={22} value={value} />
        <datalist id="numbers">
          {choices.numbers.map(({ member, title }) => (
            <option value={member}>{title}</option>
          ))}
        </datalist>
        <p class="faint small">{words.worthHint}</p>
      </div>
    </Card>
  );
};

const Proof = ({ choices, value }: PlanFieldsProps) => {
  const words = useWords().campaigns.plan;
  return (
    <Card title={words.proof} size="third">
      <div class="body fields">
        <Field name="holdout" title={words.controlShare} value={value} />
        <Select
          name="strata"
          title={words.stratify}
          empty={words.noStrata}
          choices={attributeChoices(choices.groups)}
          value={value}
        />
        <Field name="window" title={words.window} value={value} />
        <Field name="seed" title={words.seed} value={value} />
      </div>
    </Card>
  );
};

const OptionRow = ({ choices, value, row }: Omit<PlanFieldsProps, "segments"> & { readonly row: number }) => {
  const words = useWords().campaigns.plan;
  const label = (field: string): string => words.numbered(field, row + 1);
  const Cell = ({
    field,
    title,
    text = false,
  }: {
    readonly field: string;
    readonly title: string;
    readonly text?: boolean;
  }) => (
    <td>
      <input
        type="text"
        class={text ? "text" : "amount"}
        name={`${field}${row}`}
        value={value(`${field}${row}`)}
        aria-label={label(title)}
        autocomplete="off"
      />
    </td>
  );
  return (
    <tr>
      <td>
        <BareSelect
          name={`c${row}`}
          title={label(words.channel)}
          empty="–"
          choices={choices.channels.map((channel) => ({ value: channel, title: channel }))}
          value={value}
        />
      </td>
      <Cell field="o" title={words.offer} text />
      <Cell field="p" title={words.costPerContact} />
      <Cell field="t" title={words.effectFactor} />
      <td>
        <BareSelect
          name={`e${row}`}
          title={label(words.consent)}
          empty={words.noConsent}
          choices={attributeChoices(choices.flags)}
          value={value}
        />
      </td>
      <Cell field="k" title={words.capacity} />
    </tr>
  );
};

const Channels = ({ choices, value }: Omit<PlanFieldsProps, "segments">) => {
  const words = useWords().campaigns.plan;
  const heads = [words.channel, words.offer, words.costPerContact, words.effectFactor, words.consent, words.capacity];
  return (
    <Card title={words.channels} aside={words.channelsHint} size="wide">
      <div class="table-wrap">
        <table class="data plan">
          <TableHead columns={heads} />
          <tbody>
            {Array.from({ length: OPTION_ROWS }, (_, row) => (
              <OptionRow choices={choices} value={value} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="body fields across">
        <Field name="budget" title={words.budget} size={10} value={value} />
        <Select
          name="floor"
          title={words.floor}
          empty={words.noFloor}
          choices={attributeChoices(choices.groups)}
          value={value}
        />
        <Field name="floorof" title={words.floorMember} size={14} value={value} />
        <Field name="floormin" title={words.floorContacts} value={value} />
        <button class="button primary" type="submit">
          {words.preview}
        </button>
      </div>
    </Card>
  );
};

export const PlanFields = (props: PlanFieldsProps) => (
  <form method="get" action="/campaigns/plan" class="campaign-plan">
    <div class="grid">
      <Audience {...props} />
      <Worth {...props} />
      <Proof {...props} />
      <Channels {...props} />
    </div>
  </form>
);

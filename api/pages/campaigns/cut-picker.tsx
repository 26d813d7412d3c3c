/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The menu of dimensions that a campaign can be broken down by. */
import { Caret, Options, Picker } from "../parts/picker.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import type { Cut } from "./campaign-data.ts";

interface CutPickerProps {
  readonly cuts: readonly Cut[];
  readonly chosen: Cut | undefined;
  /** the page's address broken down by a member */
  readonly href: (member: string) => string;
}

/** Chooses what a campaign's outcomes are broken down by. */
export const CutPicker = ({ cuts, chosen, href }: CutPickerProps) => {
  const { campaigns, shared } = useWords();
  if (cuts.length === 0) return null;
  const groups = [...new Set(cuts.map(({ group }) => group))].map((group) => ({
    title: group,
    options: cuts
      .filter((cut) => cut.group === group)
      .map((cut) => ({ title: cut.title, href: href(cut.member), chosen: cut === chosen })),
  }));
  return (
    <Picker
      name={campaigns.group.cutBy.replace("{dimension}", chosen?.title ?? "…")}
      class="right"
      label={
        <>
          <Prose text={campaigns.group.cutBy} slots={{ dimension: <b>{chosen?.title ?? "…"}</b> }} />
          <Caret />
        </>
      }
    >
      <Options groups={groups} search={shared.search} />
    </Picker>
  );
};

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/segments`: groups found by mining models with size, value and geography, and segments stored as rules. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { SegmentSpec } from "../../../engine/model/declarations.ts";
import { membersIn } from "../../services/catalog-index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Caret, Options, Picker, type OptionGroup } from "../parts/picker.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { labelViews, type LabelView } from "./label-attribute.ts";
import { labelData } from "./label-data.ts";
import { LabelSection } from "./label-section.tsx";
import { OtherModels } from "./other-models.tsx";
import { StoredSegments, type StoredSegment } from "./stored-segments.tsx";

const storedSegment = async (
  segment: SegmentSpec,
  measure: string | undefined,
  reader: Reader,
  { project }: Services,
): Promise<StoredSegment> => {
  const { name, over, filters } = segment;
  const [size, value] = await Promise.all([
    settled(
      reader.remember(["segment size", over, filters], (options) => project.segmentSize({ over, filters }, options)),
    ),
    measure === undefined ? null : settled(reader.query({ measures: [measure], filters: [{ segment: name }] })),
  ]);
  return { segment, size, value };
};

/** The measures of cubes that know the labelled members. */
const measureOptions = (labels: readonly LabelView[], reader: Reader, current: string | undefined): OptionGroup[] => {
  const roles = new Set(labels.map(({ role }) => role.name));
  return reader.catalog.cubes
    .filter((cube) => cube.roles.some((role) => roles.has(role)))
    .map((cube) => ({
      title: cube.title,
      options: cube.measures.map(({ member, title, description }) => ({
        title,
        what: description,
        href: `/segments?measure=${member}`,
        chosen: member === current,
      })),
    }));
};

const MeasurePicker = ({ groups, title }: { readonly groups: readonly OptionGroup[]; readonly title: string }) => {
  const { segments } = useWords();
  return groups.length === 0 ? null : (
    <Picker
      name={segments.profileBy.replace("{measure}", title)}
      class="right"
      label={
        <>
          <Prose text={segments.profileBy} slots={{ measure: <b>{title}</b> }} />
          <Caret />
        </>
      }
    >
      <Options groups={groups} search={segments.searchMeasures} />
    </Picker>
  );
};

export const segmentsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { spec } = services.project;
  const words = services.words.segments;
  const { measures } = membersIn(reader.catalog);
  const labels = labelViews(spec, reader.catalog);
  const asked = parameters.get("measure");
  const chosen = asked !== null && measures.has(asked) ? asked : undefined;
  const current = chosen ?? labels[0]?.value;
  const [frame, data, stored] = await Promise.all([
    frameOf(services, words.title, "/segments", reader.manifest),
    Promise.all(labels.map((label) => labelData(label, chosen, reader, services))),
    Promise.all((spec.segments ?? []).map((segment) => storedSegment(segment, current, reader, services))),
  ]);
  const titleOf = (member: string | undefined): string => measures.get(member ?? "")?.title ?? member ?? "";
  const grouping = new Set(labels.map(({ model }) => model.name));
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description}>
        <MeasurePicker groups={measureOptions(labels, reader, current)} title={titleOf(current)} />
      </Head>
      <div class="grid">
        {data.map((each) => (
          <LabelSection
            data={each}
            mining={services.mining}
            chosen={chosen ?? each.label.value}
            measureTitle={titleOf(chosen ?? each.label.value)}
          />
        ))}
        <OtherModels
          models={(spec.models ?? []).filter(({ name }) => !grouping.has(name))}
          reader={reader}
          mining={services.mining}
        />
        <StoredSegments segments={stored} measure={current} measureTitle={titleOf(current)} />
      </div>
    </Layout>,
  );
};

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Models that do not sort members into groups: what they find, and the way to their reports. */
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import type { MiningRuns } from "../../services/mining-runs.ts";
import type { Reader } from "../../services/reader.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import { MineButton } from "./mine-button.tsx";

interface OtherModelsProps {
  readonly models: readonly MiningModel[];
  readonly reader: Reader;
  readonly mining: MiningRuns;
}

const ModelRow = ({ model, reader, mining }: Omit<OtherModelsProps, "models"> & { readonly model: MiningModel }) => {
  const { segments, shared } = useWords();
  const label = reader.manifest.labels[model.name];
  const title = model.title ?? model.name;
  return (
    <tr id={`model-${model.name}`}>
      <td class="text">
        {label ? (
          <a class="strong" href={`/segments/models/${encodeURIComponent(model.name)}`}>
            {title}
          </a>
        ) : (
          title
        )}
        <div class="faint small mono">{model.technique}</div>
      </td>
      <td class="text dim">{model.description ?? ""}</td>
      <td>
        {label ? label.asOf : <span class="faint">{segments.notRun}</span>}
        {label?.stale ? (
          <>
            {" "}
            <span class="badge warn">{shared.dataIsNewer}</span>
          </>
        ) : null}
      </td>
      <td>
        <MineButton model={model.name} mining={mining} />
      </td>
    </tr>
  );
};

export const OtherModels = ({ models, reader, mining }: OtherModelsProps) => {
  const { segments } = useWords();
  return models.length === 0 ? null : (
    <Card title={segments.otherModels} aside={segments.otherModelsHint} size="wide">
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[segments.model, segments.finds, segments.asOf, ""]} />
          <tbody>
            {models.map((model) => (
              <ModelRow model={model} reader={reader} mining={mining} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

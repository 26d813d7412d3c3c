/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Models that sort no members into groups: what they are for, and the way to their reports. */
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import type { MiningRuns } from "../../http/mining-runs.ts";
import type { Reader } from "../../http/reader.ts";
import { MineButton } from "./mine-button.tsx";

export const OtherModels = ({
  models,
  reader,
  mining,
}: {
  readonly models: readonly MiningModel[];
  readonly reader: Reader;
  readonly mining: MiningRuns;
}) =>
  models.length === 0 ? null : (
    <article class="card wide">
      <header>
        <h2>Other models</h2>
        <span class="faint small">their findings are reports</span>
      </header>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Model</th>
              <th>What it finds</th>
              <th>As of</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {models.map((model) => {
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
                    {label ? (
                      <>
                        {label.asOf}
                        {label.stale ? (
                          <>
                            {" "}
                            <span class="badge warn">data is newer</span>
                          </>
                        ) : null}
                      </>
                    ) : (
                      <span class="faint">not mined yet</span>
                    )}
                  </td>
                  <td>
                    <MineButton model={model.name} mining={mining} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </article>
  );

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The model's own reference: cubes with their grain and measures, dimensions with attributes and hierarchies, and which share what. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { CatalogView, CubeView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";

const Bus = ({ catalog }: { readonly catalog: CatalogView }) => (
  <article class="card">
    <header>
      <h2>Which facts share which dimensions</h2>
    </header>
    <div class="table-wrap">
      <table class="data bus">
        <thead>
          <tr>
            <th>Cube</th>
            {catalog.roles.map((r) => (
              <th class="turn">
                <a href={`#role-${r.name}`}>
                  <span>{r.title}</span>
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {catalog.cubes.map((cube) => (
            <tr>
              <td>
                <a class="strong" href={`#cube-${cube.name}`}>
                  {cube.title}
                </a>
              </td>
              {catalog.roles.map((r) => (
                <td class="mark">
                  {cube.roles.includes(r.name) ? <span title={`${cube.title} has ${r.title}`}>●</span> : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </article>
);

const Cube = ({ cube }: { readonly cube: CubeView }) => (
  <article class="card" id={`cube-${cube.name}`}>
    <header>
      <h2>
        {cube.title} <code class="faint">{cube.name}</code>
      </h2>
      <span class="faint small">{cube.grain.length > 0 ? `one row a ${cube.grain.join(", ")}` : ""}</span>
    </header>
    {cube.description ? <p class="note">{cube.description}</p> : null}
    <div class="table-wrap">
      <table class="data">
        <thead>
          <tr>
            <th>Measure</th>
            <th>Member</th>
            <th>Format</th>
            <th>Better</th>
            <th>How</th>
          </tr>
        </thead>
        <tbody>
          {cube.measures.map((m) => (
            <tr id={`member-${m.member}`}>
              <td class="text">
                <a class="strong" href={stateHref({ ...EMPTY_STATE, measures: [m.member] })}>
                  {m.title}
                </a>
                {m.description ? <div class="faint small">{m.description}</div> : null}
              </td>
              <td>
                <code>{m.member}</code>
              </td>
              <td class="dim">{m.format}</td>
              <td class="dim">{m.better === "down" ? "less" : "more"}</td>
              <td class="text">
                <code>{m.formula}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {cube.attributes.length > 0 ? (
      <p class="note">
        Its own attributes:{" "}
        {cube.attributes.map((a, i) => (
          <>
            {i > 0 ? ", " : ""}
            {a.title} <code>{a.member}</code>
          </>
        ))}
      </p>
    ) : null}
  </article>
);

const Role = ({ role, catalog }: { readonly role: RoleView; readonly catalog: CatalogView }) => (
  <article class="card" id={`role-${role.name}`}>
    <header>
      <h2>
        {role.title} <code class="faint">{role.name}</code>
      </h2>
      <span class="faint small">
        {role.dimension === role.name ? "" : `plays dimension ${role.dimension} · `}
        {role.cubes.map((c) => catalog.cubes.find((x) => x.name === c)?.title ?? c).join(", ")}
      </span>
    </header>
    {role.description ? <p class="note">{role.description}</p> : null}
    {Object.entries(role.hierarchies).length > 0 ? (
      <p class="note">
        {Object.entries(role.hierarchies).map(([name, levels], i) => (
          <>
            {i > 0 ? <br /> : null}
            <span class="dim">{name}:</span>{" "}
            {levels.map((l) => role.attributes.find((a) => a.member === l)?.title ?? l).join(" › ")}
          </>
        ))}
      </p>
    ) : null}
    <details class="body">
      <summary class="link">{role.attributes.length} attributes</summary>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Attribute</th>
              <th>Member</th>
              <th>Type</th>
              <th>What</th>
            </tr>
          </thead>
          <tbody>
            {role.attributes.map((a) => (
              <tr>
                <td>
                  {a.title}
                  {a.isLabel ? <span class="badge here">label</span> : null}
                  {a.isKey ? <span class="badge here">key</span> : null}
                  {a.model ? <span class="badge accent here">{a.model}</span> : null}
                </td>
                <td>
                  <code>{a.member}</code>
                </td>
                <td class="dim">{a.level ? "period" : a.type}</td>
                <td class="text dim">{a.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  </article>
);

export const modelPage = async (reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { catalog } = reader;
  const frame = await frameOf(services, "Model", "/model", reader.manifest);
  const measures = catalog.cubes.reduce((n, c) => n + c.measures.length, 0);
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Model"
        description={`${catalog.cubes.length} cubes with ${measures} measures, sliced by ${catalog.roles.length} dimensions. Written from the project's declarations.`}
      />
      <div class="stack">
        <Bus catalog={catalog} />
        {catalog.cubes.map((cube) => (
          <Cube cube={cube} />
        ))}
        {catalog.roles.map((role) => (
          <Role role={role} catalog={catalog} />
        ))}
        {catalog.segments.length > 0 ? (
          <article class="card">
            <header>
              <h2>Segments</h2>
            </header>
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Segment</th>
                    <th>Over</th>
                    <th>What</th>
                  </tr>
                </thead>
                <tbody>
                  {catalog.segments.map((s) => (
                    <tr>
                      <td>
                        <a class="strong" href={`/segments#segment-${s.name}`}>
                          {s.title}
                        </a>{" "}
                        <code class="faint">{s.name}</code>
                      </td>
                      <td>{s.over}</td>
                      <td class="text dim">{s.description}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </article>
        ) : null}
      </div>
    </Layout>,
  );
};

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/model`: cubes with grain and measures, dimensions with attributes and hierarchies, and which cubes share them. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { CatalogView, CubeView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { useWords } from "../parts/words.ts";

/** The bus matrix: cubes down, dimensions across. */
const Bus = ({ catalog }: { readonly catalog: CatalogView }) => {
  const { model } = useWords();
  return (
    <Card title={model.bus}>
      <div class="table-wrap">
        <table class="data bus">
          <thead>
            <tr>
              <th>{model.cube}</th>
              {catalog.roles.map(({ name, title }) => (
                <th class="turn">
                  <a href={`#role-${name}`}>
                    <span>{title}</span>
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
                {catalog.roles.map(({ name, title }) => (
                  <td class="mark">
                    {cube.roles.includes(name) ? <span title={model.shares(cube.title, title)}>●</span> : ""}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

const NamedTitle = ({ title, name }: { readonly title: string; readonly name: string }) => (
  <>
    {title} <code class="faint">{name}</code>
  </>
);

const OwnAttributes = ({ cube }: { readonly cube: CubeView }) => {
  const { model } = useWords();
  return cube.attributes.length === 0 ? null : (
    <p class="note">
      {model.ownAttributes}{" "}
      {cube.attributes.map(({ title, member }, i) => (
        <>
          {i > 0 ? ", " : ""}
          {title} <code>{member}</code>
        </>
      ))}
    </p>
  );
};

const Cube = ({ cube }: { readonly cube: CubeView }) => {
  const { model } = useWords();
  return (
    <Card
      title={<NamedTitle title={cube.title} name={cube.name} />}
      aside={cube.grain.length > 0 ? model.grain(cube.grain.join(", ")) : ""}
      id={`cube-${cube.name}`}
    >
      {cube.description ? <p class="note">{cube.description}</p> : null}
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[model.measure, model.member, model.format, model.better, model.formula]} />
          <tbody>
            {cube.measures.map(({ member, title, description, format, better, formula }) => (
              <tr id={`member-${member}`}>
                <td class="text">
                  <a class="strong" href={stateHref({ ...EMPTY_STATE, measures: [member] })}>
                    {title}
                  </a>
                  {description ? <div class="faint small">{description}</div> : null}
                </td>
                <td>
                  <code>{member}</code>
                </td>
                <td class="dim">{format}</td>
                <td class="dim">{better === "down" ? model.less : model.more}</td>
                <td class="text">
                  <code>{formula}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <OwnAttributes cube={cube} />
    </Card>
  );
};

const Hierarchies = ({ role }: { readonly role: RoleView }) => {
  const titleOf = (level: string): string => role.attributes.find(({ member }) => member === level)?.title ?? level;
  const hierarchies = Object.entries(role.hierarchies);
  return hierarchies.length === 0 ? null : (
    <p class="note">
      {hierarchies.map(([name, levels], i) => (
        <>
          {i > 0 ? <br /> : null}
          <span class="dim">{name}:</span> {levels.map(titleOf).join(" › ")}
        </>
      ))}
    </p>
  );
};

const AttributeRow = ({ attribute }: { readonly attribute: RoleView["attributes"][number] }) => {
  const words = useWords().model;
  const { title, member, type, level, description, isLabel, isKey, model } = attribute;
  return (
    <tr>
      <td>
        {title}
        {isLabel ? <span class="badge here">{words.label}</span> : null}
        {isKey ? <span class="badge here">{words.key}</span> : null}
        {model ? <span class="badge accent here">{model}</span> : null}
      </td>
      <td>
        <code>{member}</code>
      </td>
      <td class="dim">{level ? words.period : type}</td>
      <td class="text dim">{description}</td>
    </tr>
  );
};

const Role = ({ role, catalog }: { readonly role: RoleView; readonly catalog: CatalogView }) => {
  const { model } = useWords();
  const cubes = role.cubes.map((name) => catalog.cubes.find((cube) => cube.name === name)?.title ?? name).join(", ");
  return (
    <Card
      title={<NamedTitle title={role.title} name={role.name} />}
      aside={role.dimension === role.name ? cubes : `${model.plays(role.dimension)} · ${cubes}`}
      id={`role-${role.name}`}
    >
      {role.description ? <p class="note">{role.description}</p> : null}
      <Hierarchies role={role} />
      <details class="body">
        <summary class="link">{model.attributes(role.attributes.length)}</summary>
        <div class="table-wrap">
          <table class="data">
            <TableHead columns={[model.attribute, model.member, model.type, model.what]} />
            <tbody>
              {role.attributes.map((attribute) => (
                <AttributeRow attribute={attribute} />
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Card>
  );
};

const Segments = ({ catalog }: { readonly catalog: CatalogView }) => {
  const { model } = useWords();
  return catalog.segments.length === 0 ? null : (
    <Card title={model.segments}>
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[model.segment, model.over, model.what]} />
          <tbody>
            {catalog.segments.map(({ name, title, over, description }) => (
              <tr>
                <td>
                  <a class="strong" href={`/segments#segment-${name}`}>
                    {title}
                  </a>{" "}
                  <code class="faint">{name}</code>
                </td>
                <td>{over}</td>
                <td class="text dim">{description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

export const modelPage = async (reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { catalog } = reader;
  const words = services.words.model;
  const frame = await frameOf(services, words.title, "/model", reader.manifest);
  const measures = catalog.cubes.reduce((total, cube) => total + cube.measures.length, 0);
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description(catalog.cubes.length, measures, catalog.roles.length)} />
      <div class="stack">
        <Bus catalog={catalog} />
        {catalog.cubes.map((cube) => (
          <Cube cube={cube} />
        ))}
        {catalog.roles.map((role) => (
          <Role role={role} catalog={catalog} />
        ))}
        <Segments catalog={catalog} />
      </div>
    </Layout>,
  );
};

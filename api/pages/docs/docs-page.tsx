/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/docs`: the OpenAPI document as a page, and the meaning of each error code. */
import type { HtmlEscapedString } from "hono/utils/html";
import { PROBLEMS } from "../../http/problem.ts";
import type { Services } from "../../services/services.ts";
import { TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { useWords } from "../parts/words.ts";
import { bodyExample, type OpenApiDocument, type OpenApiOperation, type OpenApiParameter } from "./openapi-document.ts";

const METHODS = ["get", "post", "put", "delete"] as const;

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
}

const typeOf = ({ schema }: OpenApiParameter): string =>
  schema?.enum ? schema.enum.join(" | ") : (schema?.type ?? "");

const Parameters = ({ parameters }: { readonly parameters: readonly OpenApiParameter[] }) => {
  const { docs } = useWords();
  const text = ({ description, schema }: OpenApiParameter): string =>
    description ?? (schema?.example === undefined ? "" : docs.example(String(schema.example)));
  return parameters.length === 0 ? null : (
    <div class="table-wrap">
      <table class="data">
        <TableHead columns={[docs.parameter, docs.in, docs.type, docs.description]} />
        <tbody>
          {parameters.map((parameter) => (
            <tr>
              <td>
                <code>{parameter.name}</code>
                {parameter.required ? "" : <span class="faint"> {docs.optional}</span>}
              </td>
              <td>{parameter.in}</td>
              <td>{typeOf(parameter)}</td>
              <td class="text">{text(parameter)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const RouteDetails = ({ path, method, operation, document }: Route & { readonly document: OpenApiDocument }) => {
  const { docs } = useWords();
  const example = bodyExample(operation, document);
  return (
    <details class="route card">
      <summary>
        <span class={`method ${method}`}>{method.toUpperCase()}</span>
        <code>{path}</code>
        <span class="dim">{operation.summary}</span>
      </summary>
      <div class="body">
        <Parameters parameters={operation.parameters ?? []} />
        {example ? (
          <>
            <h3>{docs.body}</h3>
            <pre class="code">{example}</pre>
          </>
        ) : null}
        <h3>{docs.answers}</h3>
        <dl class="facts">
          {Object.entries(operation.responses ?? {}).map(([status, { description, content }]) => (
            <>
              <dt>{status}</dt>
              <dd>
                {description}
                {content ? <span class="faint"> · {Object.keys(content).join(", ")}</span> : null}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </details>
  );
};

const Errors = () => {
  const { docs } = useWords();
  return (
    <section>
      <h2>{docs.errors}</h2>
      <div class="card">
        <div class="table-wrap">
          <table class="data">
            <TableHead columns={[docs.code, { number: docs.status }, docs.meaning]} />
            <tbody>
              {Object.entries(PROBLEMS).map(([code, [status, title]]) => (
                <tr id={`problem-${code}`}>
                  <td>
                    <code>{code}</code>
                  </td>
                  <td class="num">{status}</td>
                  <td>{title}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
};

const routesOf = ({ paths }: OpenApiDocument): Route[] =>
  Object.entries(paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );

export const docsPage = async (document: OpenApiDocument, services: Services): Promise<HtmlEscapedString> => {
  const words = services.words.docs;
  const frame = await frameOf(services, words.title, "/docs");
  const routes = routesOf(document);
  const tagOf = ({ operation }: Route): string => operation.tags?.[0] ?? words.otherRoutes;
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={document.info.description}>
        <a class="button" href="/openapi.json">
          {words.openApi}
        </a>
      </Head>
      <div class="docs">
        {[...new Set(routes.map(tagOf))].map((tag) => (
          <section>
            <h2>{tag}</h2>
            {routes
              .filter((route) => tagOf(route) === tag)
              .map((route) => (
                <RouteDetails {...route} document={document} />
              ))}
          </section>
        ))}
        <Errors />
      </div>
    </Layout>,
  );
};

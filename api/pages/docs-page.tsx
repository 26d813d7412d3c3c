/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The OpenAPI document for people: routes with their parameters, bodies and answers, and what each error code means. */
import type { HtmlEscapedString } from "hono/utils/html";
import { PROBLEMS } from "../http/problem.ts";
import type { Services } from "../http/services.ts";
import { frameOf } from "./parts/frame-of.ts";
import { documentOf, Head, Layout } from "./parts/layout.tsx";

interface Media {
  readonly schema?: unknown;
  readonly example?: unknown;
}
interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: { readonly type?: string; readonly enum?: readonly unknown[]; readonly example?: unknown };
  }[];
  readonly requestBody?: { readonly content?: { readonly [type: string]: Media } };
  readonly responses?: {
    readonly [status: string]: { readonly description?: string; readonly content?: { readonly [type: string]: Media } };
  };
}
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths?: { readonly [path: string]: { readonly [method: string]: unknown } };
  readonly components?: { readonly schemas?: { readonly [name: string]: { readonly example?: unknown } } };
}

const METHODS = ["get", "post", "put", "delete"] as const;

const exampleOf = (operation: Operation, document: OpenApiDocument): string | undefined => {
  const schema = operation.requestBody?.content?.["application/json"]?.schema as
    | { readonly $ref?: string; readonly example?: unknown }
    | undefined;
  const example =
    schema?.example ??
    (schema?.$ref ? document.components?.schemas?.[schema.$ref.split("/").at(-1) ?? ""]?.example : undefined);
  return example === undefined ? undefined : JSON.stringify(example, null, 2);
};

const Route = ({
  path,
  method,
  operation,
  document,
}: {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  readonly document: OpenApiDocument;
}) => {
  const example = exampleOf(operation, document);
  return (
    <details class="route card">
      <summary>
        <span class={`method ${method}`}>{method.toUpperCase()}</span>
        <code>{path}</code>
        <span class="dim">{operation.summary}</span>
      </summary>
      <div class="body">
        {operation.parameters && operation.parameters.length > 0 ? (
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  <th>Parameter</th>
                  <th>In</th>
                  <th>Type</th>
                  <th>What it does</th>
                </tr>
              </thead>
              <tbody>
                {operation.parameters.map((p) => (
                  <tr>
                    <td>
                      <code>{p.name}</code>
                      {p.required ? "" : <span class="faint"> optional</span>}
                    </td>
                    <td>{p.in}</td>
                    <td>{p.schema?.enum ? p.schema.enum.join(" | ") : (p.schema?.type ?? "")}</td>
                    <td class="text">
                      {p.description ??
                        (p.schema?.example === undefined ? "" : `for example ${String(p.schema.example)}`)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
        {example ? (
          <>
            <h3>Body</h3>
            <pre class="code">{example}</pre>
          </>
        ) : null}
        <h3>Answers</h3>
        <dl class="facts">
          {Object.entries(operation.responses ?? {}).map(([status, r]) => (
            <>
              <dt>{status}</dt>
              <dd>
                {r.description}
                {r.content ? <span class="faint"> · {Object.keys(r.content).join(", ")}</span> : null}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </details>
  );
};

export const docsPage = async (document: OpenApiDocument, services: Services): Promise<HtmlEscapedString> => {
  const frame = await frameOf(services, "API", "/docs");
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] as Operation }] : [])),
  );
  const tags = [...new Set(routes.map((r) => r.operation.tags?.[0] ?? "Other"))];
  return documentOf(
    <Layout frame={frame}>
      <Head title="API" description={document.info.description}>
        <a class="button" href="/openapi.json">
          OpenAPI 3.1
        </a>
      </Head>
      <div class="docs">
        {tags.map((tag) => (
          <section>
            <h2>{tag}</h2>
            {routes
              .filter((r) => (r.operation.tags?.[0] ?? "Other") === tag)
              .map((r) => (
                <Route {...r} document={document} />
              ))}
          </section>
        ))}
        <section>
          <h2>Errors</h2>
          <div class="card">
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Code</th>
                    <th class="num">Status</th>
                    <th>Meaning</th>
                  </tr>
                </thead>
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
      </div>
    </Layout>,
  );
};

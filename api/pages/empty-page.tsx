/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The first page of a project without dashboards. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { Services } from "../http/services.ts";
import { frameOf, projectTitle } from "./parts/frame-of.ts";
import { documentOf, Head, Layout } from "./parts/layout.tsx";

export const emptyPage = async (services: Services): Promise<HtmlEscapedString> => {
  const frame = await frameOf(services, projectTitle(services), "/");
  return documentOf(
    <Layout frame={frame}>
      <Head title={projectTitle(services)} description="This project declares no dashboard yet." />
      <div class="card">
        <div class="empty">
          <strong>No dashboard</strong>List one under <code>dashboards</code> in tessera.config.ts, or{" "}
          <a class="link" href="/explore">
            explore the cubes
          </a>
          .
        </div>
      </div>
    </Layout>,
  );
};

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The first page of a project without dashboards. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { Services } from "../services/services.ts";
import { Empty } from "./parts/card.tsx";
import { frameOf, projectTitle } from "./parts/frame-of.ts";
import { documentOf, Head, Layout } from "./parts/layout.tsx";
import { Prose } from "./parts/prose.tsx";

export const emptyPage = async (services: Services): Promise<HtmlEscapedString> => {
  const words = services.words.frame.noDashboard;
  const title = projectTitle(services);
  const frame = await frameOf(services, title, "/");
  const explore = (
    <a class="link" href="/explore">
      {words.explore}
    </a>
  );
  return documentOf(
    <Layout frame={frame}>
      <Head title={title} description={words.description} />
      <div class="card">
        <Empty title={words.title}>
          <Prose text={words.remedy} slots={{ explore }} />
        </Empty>
      </div>
    </Layout>,
  );
};

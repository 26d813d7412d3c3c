/** `/programme`, and judgements by form. */
import { addJudgement, withState, type JudgedVerdict } from "../../../etl/index.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { programmePage } from "./programme-page.tsx";

export const programmeRoutes = (app: App): void => {
  app.get("/programme", async (c) => c.html(await programmePage(readerFor(c), c.var.services)));
  app.post("/programme/judgements", async (c) => {
    const { project, clock } = c.var.services;
    const fields = new URLSearchParams(await c.req.text());
    const text = (name: string): string => fields.get(name) ?? "";
    withState(project.warehouse, (state) =>
      addJudgement(
        state,
        {
          goal: text("goal"),
          judgedOn: text("judged_on"),
          assessor: text("assessor"),
          verdict: text("verdict") as JudgedVerdict,
          words: text("words"),
        },
        clock(),
      ),
    );
    return c.redirect("/programme#judged", 303);
  });
};

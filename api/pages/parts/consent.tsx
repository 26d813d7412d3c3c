/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Changes that cannot be undone: the page asks before, and the route refuses without the answer. */
import type { Context } from "hono";
import type { Environment, App } from "../../http/environment.ts";
import { frameOf } from "./frame-of.ts";
import { documentOf, Layout } from "./layout.tsx";

/** What is asked before a change. */
export interface Question {
  /** the question, for example `Roll back load 7?` */
  readonly title: string;
  /** what will be different afterwards */
  readonly effect: string;
  /** the words of the button */
  readonly confirm: string;
  /** the page to go back to */
  readonly back: string;
}

export interface Irreversible {
  readonly path: string;
  /** the navigation entry of the page that asks */
  readonly active: string;
  /** @throws TesseraError where there is nothing to change */
  readonly question: (c: Context<Environment>, form: URLSearchParams) => Promise<Question> | Question;
  /** makes the change, and returns the address to show afterwards */
  readonly change: (c: Context<Environment>, form: URLSearchParams) => Promise<string>;
}

/** The field in which a form says that the reader was asked. Script adds it after its own question. */
const SURE = "sure";

/** The page without script: the same form once more, with the question. */
const consentPage = async (
  c: Context<Environment>,
  { title, effect, confirm, back }: Question,
  form: URLSearchParams,
  active: string,
) => {
  const { services } = c.var;
  const frame = await frameOf(services, title, active);
  return documentOf(
    <Layout frame={frame}>
      <div class="failure">
        <h1>{title}</h1>
        <p class="dim">{effect}</p>
        <form class="actions" method="post" action={c.req.path}>
          {[...form].map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name={SURE} value="1" />
          <button class="button danger" type="submit">
            {confirm}
          </button>
          <a class="button bare" href={back}>
            {services.words.shared.cancel}
          </a>
        </form>
      </div>
    </Layout>,
  );
};

/** Serves a change that cannot be undone. Without consent it changes nothing, and answers with the question. */
export const irreversible = (app: App, { path, active, question, change }: Irreversible): void => {
  app.post(path, async (c) => {
    const form = new URLSearchParams(await c.req.text());
    if (form.get(SURE) !== "1") return c.html(await consentPage(c, await question(c, form), form, active));
    form.delete(SURE);
    return c.redirect(await change(c, form), 303);
  });
};

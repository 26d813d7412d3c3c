/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The frame of every page: navigation, content, the data's version and freshness below. */
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Manifest } from "../../../engine/warehouse/version.ts";
import type { Assets } from "../../assets/assets.ts";
import { ago } from "./ago.ts";
import { Icon } from "./icon.tsx";
import type { NavigationGroup } from "./navigation.ts";

export interface Frame {
  readonly title: string;
  /** the navigation entry that is current */
  readonly active: string;
  readonly project: string;
  readonly groups: readonly NavigationGroup[];
  readonly assets: Assets;
  readonly manifest: Manifest | null;
  readonly now: Date;
}

const Mark = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
    <rect x="1" y="1" width="9" height="9" rx="2" fill="var(--series-1)" />
    <rect x="12" y="1" width="9" height="9" rx="2" fill="var(--series-5)" />
    <rect x="1" y="12" width="9" height="9" rx="2" fill="var(--series-3)" />
    <rect x="12" y="12" width="9" height="9" rx="2" fill="var(--series-2)" />
  </svg>
);

/** Data older than two days is marked. */
const OLD = 2 * 86_400_000;

const Footer = ({ manifest, now }: { readonly manifest: Manifest | null; readonly now: Date }) => (
  <footer class="foot">
    {manifest === null ? (
      <span class="fresh old">Nothing has been loaded yet</span>
    ) : (
      <>
        <span class={now.getTime() - Date.parse(manifest.publishedAt) > OLD ? "fresh old" : "fresh"}>
          Data version {manifest.version}
        </span>
        <span>
          published{" "}
          <time datetime={manifest.publishedAt} title={manifest.publishedAt}>
            {ago(manifest.publishedAt, now)}
          </time>
        </span>
      </>
    )}
    <span class="grow" />
    <span class="keys">
      <kbd>?</kbd> keyboard
    </span>
  </footer>
);

const Keyboard = () => (
  <dialog id="keyboard" aria-labelledby="keyboard-title">
    <h2 id="keyboard-title">Keyboard</h2>
    <dl>
      <dt>
        <kbd>g</kbd> <kbd>d</kbd>
      </dt>
      <dd>first dashboard</dd>
      <dt>
        <kbd>g</kbd> <kbd>e</kbd>
      </dt>
      <dd>explore</dd>
      <dt>
        <kbd>g</kbd> <kbd>c</kbd>
      </dt>
      <dd>customers</dd>
      <dt>
        <kbd>g</kbd> <kbd>s</kbd>
      </dt>
      <dd>segments</dd>
      <dt>
        <kbd>g</kbd> <kbd>l</kbd>
      </dt>
      <dd>loads and jobs</dd>
      <dt>
        <kbd>/</kbd>
      </dt>
      <dd>search on this page, or open the first picker</dd>
      <dt>
        <kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd>
      </dt>
      <dd>move and choose in a picker</dd>
      <dt>
        <kbd>Esc</kbd>
      </dt>
      <dd>close</dd>
      <dt>Back</dt>
      <dd>undo: every state of a page is its address</dd>
    </dl>
  </dialog>
);

export const Layout = ({ frame, children }: { readonly frame: Frame; readonly children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${frame.title} · ${frame.project}`}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="preload" href={frame.assets.font} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="stylesheet" href={frame.assets.styles} />
      <script type="module" src={frame.assets.script} />
    </head>
    <body>
      <a class="skip" href="#content">
        To the content
      </a>
      <div class="frame">
        <aside class="side">
          <a class="brand" href="/">
            <Mark />
            <span class="clip">
              {frame.project}
              <small>Tessera</small>
            </span>
          </a>
          {frame.groups.map((group) => (
            <nav class="nav" aria-label={group.title}>
              <h3>{group.title}</h3>
              {group.items.map((item) => (
                <a
                  href={item.href}
                  title={item.title}
                  {...(item.href === frame.active ? { "aria-current": "page" } : {})}
                >
                  <Icon name={item.icon} />
                  <span class="clip">{item.title}</span>
                </a>
              ))}
            </nav>
          ))}
          <span class="spacer" />
        </aside>
        <div class="main">
          <main class="page" id="content">
            {children}
          </main>
          <Footer manifest={frame.manifest} now={frame.now} />
        </div>
      </div>
      <Keyboard />
    </body>
  </html>
);

/** A whole document as text. */
export const documentOf = (
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
): HtmlEscapedString | Promise<HtmlEscapedString> => html`<!doctype html>${page}`;

export const Head = ({
  title,
  description,
  children,
}: {
  readonly title: string;
  readonly description?: string | undefined;
  readonly children?: Child;
}) => (
  <div class="head">
    <div class="text">
      <h1>{title}</h1>
      {description ? <p>{description}</p> : null}
    </div>
    {children ? <div class="actions">{children}</div> : null}
  </div>
);

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The frame of every page: navigation, content, data version and age, keyboard help. */
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Manifest } from "../../../engine/warehouse/version.ts";
import type { Assets } from "../../assets/assets.ts";
import type { Catalogue } from "../../i18n/index.ts";
import type { Freshness } from "../../services/freshness.ts";
import { ago } from "./ago.ts";
import { Stated } from "./freshness.tsx";
import { Icon } from "./icon.tsx";
import { Instant } from "./instant.tsx";
import { Keyboard } from "./keyboard.tsx";
import type { NavigationGroup } from "./navigation.ts";
import { SettingProvider } from "./setting.ts";
import { useWords, WordsProvider } from "./words.ts";

export interface Frame {
  readonly title: string;
  /** the address of the navigation entry that is current */
  readonly active: string;
  readonly project: string;
  readonly groups: readonly NavigationGroup[];
  readonly assets: Assets;
  /** null before the first load */
  readonly manifest: Manifest | null;
  readonly freshness: Freshness | null;
  readonly now: Date;
  /** IANA zone in which instants are shown */
  readonly zone: string;
  readonly words: Catalogue;
}

const Mark = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
    <rect x="1" y="1" width="9" height="9" rx="2" fill="var(--series-1)" />
    <rect x="12" y="1" width="9" height="9" rx="2" fill="var(--series-5)" />
    <rect x="1" y="12" width="9" height="9" rx="2" fill="var(--series-3)" />
    <rect x="12" y="12" width="9" height="9" rx="2" fill="var(--series-2)" />
  </svg>
);

const Version = ({ manifest, now }: { readonly manifest: Manifest; readonly now: Date }) => {
  const { frame, shared } = useWords();
  return (
    <>
      <span>{frame.footer.version(manifest.version)}</span>
      <span>
        {frame.footer.published} {ago(manifest.publishedAt, now, shared.time)} (<Instant at={manifest.publishedAt} />)
      </span>
    </>
  );
};

const Footer = ({ manifest, now }: { readonly manifest: Manifest | null; readonly now: Date }) => {
  const { footer } = useWords().frame;
  return (
    <footer class="foot">
      {manifest === null ? (
        <span class="fresh old">{footer.nothingLoaded}</span>
      ) : (
        <Version manifest={manifest} now={now} />
      )}
      <span class="grow" />
      <button class="keys" type="button" data-help>
        <kbd>?</kbd> {footer.keyboard}
      </button>
    </footer>
  );
};

const Navigation = ({ frame }: { readonly frame: Frame }) => (
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
          <a href={item.href} title={item.title} {...(item.href === frame.active ? { "aria-current": "page" } : {})}>
            <Icon name={item.icon} />
            <span class="clip">{item.title}</span>
          </a>
        ))}
      </nav>
    ))}
    <span class="spacer" />
  </aside>
);

interface LayoutProps {
  readonly frame: Frame;
  /** seconds after which the page loads again where there is no script */
  readonly reload?: number;
  readonly children?: Child;
}

const Document = ({ frame, reload, children }: LayoutProps) => (
  <html lang={frame.words.language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${frame.title} · ${frame.project}`}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="preload" href={frame.assets.font} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="stylesheet" href={frame.assets.styles} />
      <script type="module" src={frame.assets.script} />
      {reload === undefined ? null : (
        <noscript>
          <meta http-equiv="refresh" content={String(reload)} />
        </noscript>
      )}
    </head>
    <body>
      <a class="skip" href="#content">
        {frame.words.frame.skipToContent}
      </a>
      <div class="frame">
        <Navigation frame={frame} />
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

/** The frame around a page's content. Everything in it gets its texts from `useWords`. */
export const Layout = ({ frame, reload, children }: LayoutProps) => (
  <WordsProvider value={frame.words}>
    <SettingProvider
      value={{ now: frame.now, zone: frame.zone, version: frame.manifest?.version ?? null, freshness: frame.freshness }}
    >
      <Document frame={frame} {...(reload === undefined ? {} : { reload })}>
        {children}
      </Document>
    </SettingProvider>
  </WordsProvider>
);

/** A whole document as text. */
export const documentOf = (
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
): HtmlEscapedString | Promise<HtmlEscapedString> => html`<!doctype html>${page}`;

/** The page's heading with its controls. */
export const Head = ({
  title,
  description,
  stated = [],
  children,
}: {
  readonly title: string;
  readonly description?: string | undefined;
  /** the period and the filters of the page, which a printed page has to say */
  readonly stated?: readonly string[];
  readonly children?: Child;
}) => (
  <div class="head">
    <div class="text">
      <h1>{title}</h1>
      {description ? <p>{description}</p> : null}
      <Stated parts={stated} />
    </div>
    {children ? <div class="actions">{children}</div> : null}
  </div>
);

/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The way back up each hierarchy, as breadcrumbs. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatMember } from "../../charts/index.ts";
import { useWords } from "../parts/words.ts";
import { trails, type Trail } from "./drill.ts";
import { memberColumn } from "./member-words.ts";
import { stateHref, type ExploreState } from "./state.ts";

const Crumbs = ({ trail, catalog }: { readonly trail: Trail; readonly catalog: CatalogView }) => {
  const words = useWords().explore.trail;
  return (
    <nav class="trail" aria-label={words.name(trail.title)}>
      {trail.crumbs.map(({ member, value, state }, i) => {
        const text = i === 0 ? words.all(trail.title) : formatMember(value, memberColumn(member, catalog));
        return (
          <>
            {i > 0 ? (
              <span class="faint" aria-hidden="true">
                ›
              </span>
            ) : null}
            {state ? (
              <a class="link" href={stateHref(state)} data-crumb>
                {text}
              </a>
            ) : (
              <b>{text}</b>
            )}
          </>
        );
      })}
    </nav>
  );
};

export const Trails = ({ state, catalog }: { readonly state: ExploreState; readonly catalog: CatalogView }) => (
  <>
    {trails(state, catalog).map((trail) => (
      <Crumbs trail={trail} catalog={catalog} />
    ))}
  </>
);

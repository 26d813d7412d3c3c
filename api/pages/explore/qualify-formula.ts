/** Formulas as people type them: measures by their short name or title, from the shelf first. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { membersIn } from "../../services/catalog-index.ts";

const WORDS = new Set(["case", "when", "then", "else", "end", "and", "or", "not", "null", "true", "false", "in", "is"]);
/** A text in quotes, or a name that is neither after a dot, nor before one, nor a function. */
const PART = /'[^']*'|(?<![\w.])[a-z_]\w*(?![\w.]*\.)(?!\s*\()(?!\w)/gi;

/** The one measure of this short name among some; undefined for none or several. */
const only = (name: string, members: readonly string[]): string | undefined => {
  const found = members.filter((member) => member.endsWith(`.${name}`));
  return found.length === 1 ? found[0] : undefined;
};

/** `revenue / orders` becomes `sales.revenue / sales.orders`. What cannot be told apart stays as it is. */
export const qualifyFormula = (formula: string, shelf: readonly string[], catalog: CatalogView): string => {
  const all = [...membersIn(catalog).measures.keys()];
  const cubes = new Set(shelf.map((member) => member.slice(0, member.indexOf("."))));
  const near = all.filter((member) => cubes.has(member.slice(0, member.indexOf("."))));
  return formula.replace(PART, (part) => {
    const name = part.toLowerCase();
    if (part.startsWith("'") || WORDS.has(name)) return part;
    return only(name, shelf) ?? only(name, near) ?? only(name, all) ?? part;
  });
};

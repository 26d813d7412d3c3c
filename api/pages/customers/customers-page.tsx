/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Finding a customer. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, NOTHING } from "../../charts/index.ts";
import { customerModel, type CustomerModel } from "../../services/customers/customer-model.ts";
import { findCustomers, type CustomerList } from "../../services/customers/find-customers.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { Empty, TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { useWords } from "../parts/words.ts";

const SHOWN = 100;

const cellText = (value: Value, { type, member }: AttributeView): string =>
  value === null ? NOTHING : formatMember(value, { type, name: member });

const CustomerTable = ({ found, model }: { readonly found: CustomerList; readonly model: CustomerModel }) => {
  const words = useWords().customers;
  const columns = found.columns.filter((attribute) => attribute !== model.key || model.label === undefined);
  return (
    <>
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={columns.map(({ title }) => title)} />
          <tbody>
            {found.rows.map((row) => (
              <tr>
                {columns.map((attribute, i) => {
                  const value = row[attribute.member] ?? null;
                  const text = cellText(value, attribute);
                  const href = `/customers/${encodeURIComponent(String(row[model.key.member]))}`;
                  return (
                    <td class={value === null ? "faint" : ""}>
                      {i === 0 ? (
                        <a class="strong" href={href}>
                          {text}
                        </a>
                      ) : (
                        text
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer class="meta">
        {found.truncated ? (
          <span data-left-out>{words.firstShown(SHOWN)}</span>
        ) : (
          <span>{words.found(found.rows.length)}</span>
        )}
      </footer>
    </>
  );
};

export const customersPage = async (search: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { customers } = services.words;
  const model = customerModel(services.project.spec, reader.catalog);
  const [frame, found] = await Promise.all([
    frameOf(services, customers.title, "/customers", reader.manifest),
    findCustomers(model, search, SHOWN, reader, services),
  ]);
  const fields = model.searched.map(({ title }) => title.toLowerCase()).join(", ");
  return documentOf(
    <Layout frame={frame}>
      <Head title={customers.title} description={customers.foundBy(fields)} />
      <form method="get" action="/customers" class="find" role="search">
        <input
          type="search"
          name="search"
          value={search}
          placeholder={customers.placeholder}
          aria-label={customers.searchLabel}
          data-search
          autofocus={search === ""}
          autocomplete="off"
          spellcheck={false}
        />
        <button class="button primary" type="submit">
          {customers.find}
        </button>
      </form>
      <div class="card">
        {found.rows.length === 0 ? (
          <Empty title={customers.nobody}>{customers.nobodyHint(search)}</Empty>
        ) : (
          <CustomerTable found={found} model={model} />
        )}
      </div>
    </Layout>,
  );
};

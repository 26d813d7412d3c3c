select type, sum(amount * coalesce(w, 1)), sum(coalesce(w, 1)), (sum(amount * coalesce(w, 1)) - sum(cost * coalesce(w, 1))) / sum(amount * coalesce(w, 1))
from sales left join (select sale_id, type, sum(share) as w from sale_promotion join promotion using (promotion_id) group by 1, 2) using (sale_id)
group by 1

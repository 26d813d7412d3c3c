select promotion_name, sum(amount) - sum(cost), (sum(amount) - sum(cost)) / sum(amount), count(*)
from sales left join (select distinct sale_id, promotion_name from sale_promotion join promotion using (promotion_id)) using (sale_id)
group by 1

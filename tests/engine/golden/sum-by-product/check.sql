select p.name, sum(amount), 2 * sum(amount)
from sales left join product p using (product_id)
group by 1
